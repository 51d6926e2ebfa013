import { type JsonObject, textOf } from "../../json";
import { cloudName, lastSegment } from "../identity";
import { type Row, valuesOf } from "../rows";
import type { SynthesizedApp } from "../../synth/app";
import type { Grant } from "./grants";

/** Service accounts and resources that belong to the plans or the app. */
export class Inside {
  private readonly accounts = new Set<string>();
  private readonly things = new Set<string>();
  private readonly newThings = new Set<string>();
  private readonly projects = new Set<string>();

  constructor(rows: readonly Row[], apps: readonly (SynthesizedApp | undefined)[]) {
    for (const row of rows) {
      const values = valuesOf(row);
      const name = this.add(row.resource.type, values);
      const project = textOf(values["project"]);
      if (project !== undefined) this.projects.add(project);
      if (name !== undefined && row.action === "create") this.newThings.add(lastSegment(name) ?? name);
    }
    for (const app of apps)
      for (const { resources } of app?.stacks ?? [])
        for (const { type, arguments: values } of resources) this.add(type, values);
  }

  /**
   * Whether both the identity and the resource of a grant belong to the plans. Grants on new resources to any service
   * account of the same project also count, because nobody had access before.
   */
  holds(grant: Grant): boolean {
    const name = grant.on.slice(grant.on.lastIndexOf(" ") + 1);
    // A project belongs to the plans only if they create it, even if another resource has the same name.
    const key = /^(?:project|folder|organization|billing account) /.test(grant.on)
      ? `${container}${name}`
      : name;
    return (
      (this.isAccount(grant.who) && this.things.has(key)) ||
      (this.isOfProject(grant.who) && this.newThings.has(key))
    );
  }

  private isOfProject(who: string): boolean {
    const project = /^serviceAccount:[^@]+@(.+)\.iam\.gserviceaccount\.com$/.exec(who)?.[1];
    return project !== undefined && this.projects.has(project);
  }

  private isAccount(who: string): boolean {
    if (/^principal(?:Set)?:/.test(who)) {
      const pool = /\/workloadIdentityPools\/([^/]+)/.exec(who)?.[1];
      return pool !== undefined && this.things.has(pool);
    }
    const email = /^serviceAccount:(.+)$/.exec(who)?.[1];
    return email !== undefined && (this.accounts.has(email) || this.accounts.has(email.replace(/@.*/, "")));
  }

  /** @returns the name of the resource */
  private add(type: string, values: JsonObject): string | undefined {
    if (type === "google_service_account") {
      const email = textOf(values["email"]);
      const id = textOf(values["account_id"]);
      // Without a project, the email is unknown.
      if (email !== undefined) this.accounts.add(email);
      else if (id !== undefined) this.accounts.add(id);
      const project = textOf(values["project"]);
      if (id !== undefined) this.things.add(id).add(`${id}@${project ?? ""}.iam.gserviceaccount.com`);
    }
    const name = cloudName(type, values);
    if (name === undefined) return undefined;
    this.things.add(name).add(lastSegment(name) ?? name);
    if (/^google_(?:project|folder)$/.test(type)) this.things.add(container + (lastSegment(name) ?? name));
    return name;
  }
}

/** Prefix for projects and folders. */
const container = "container ";
