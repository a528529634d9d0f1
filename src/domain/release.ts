/** Release is a label plus what identifies the code that ran. */
export interface Release {
  readonly label: string;
  /** Facts that identify the release: `addons` (hash of the addons folder), `modules`, `odoo`, `schema`, `gitRevision`. */
  readonly identity: Readonly<Record<string, string>>;
}
