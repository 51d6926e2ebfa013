import { type JsonObject, textOf } from "../../json";
import { cloudName, lastSegment } from "../identity";
import { type Row, valuesOf } from "../rows";
import type { SynthesizedApp } from "../../synth/app";
import type { Grant } from "./grants";

/** What belongs to the plans: the accounts they make, and the things they manage. */
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
   * Whether both who gets the grant and what it is on belong to the plans. What a plan makes anew it may give to any
   * account of its own project: nobody had access to it before.
   */
  holds(grant: Grant): boolean {
    const name = grant.on.slice(grant.on.lastIndexOf(" ") + 1);
    // A project is its own only where the plans make it, whatever else has its name.
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

  /** @returns the name it has */
  private add(type: string, values: JsonObject): string | undefined {
    if (type === "google_service_account") {
      const email = textOf(values["email"]);
      const id = textOf(values["account_id"]);
      // The email is known once the project is: before that, the id alone is.
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

/** Before the names of what holds other resources. */
const container = "container ";
