//go:build tools

// Package tools pins the k6 that the harness builds when the machine has none of its own.
package tools

import _ "go.k6.io/k6/v2"
