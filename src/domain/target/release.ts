/** Release is a label plus what identifies the code that ran. */
export interface Release {
  readonly label: string;
  /** Facts that identify the release: `addons` (hash of the addons folder), `modules`, `odoo`, `schema`, `gitRevision`. */
  readonly identity: Readonly<Record<string, string>>;
}

/** ReleaseSpec is what the lab needs to run a release: a label, a folder of addons and server settings. */
export interface ReleaseSpec {
  readonly label: string;
  /** Absolute path of a folder that holds addons. */
  readonly addonsPath: string;
  /** Technical names of the addons to install from it. */
  readonly modules: readonly string[];
  readonly settings: OdooSettings;
}

/** OdooSettings are the server settings that may differ between releases. */
export interface OdooSettings {
  readonly workers: number;
  readonly cronThreads: number;
  /** Added to the environment of the arm's Odoo processes. */
  readonly environment: Readonly<Record<string, string>>;
}
