//go:build tools

// Package tools pins the Traefik that the native lab builds when the machine has none of its own.
package tools

import _ "github.com/traefik/traefik/v3/cmd/traefik"
