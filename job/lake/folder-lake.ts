import { copyFile, link, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf } from "../../errors/thrown";
import { makeFolder, moveWhole, sha256Of, writeWhole } from "../files";
import type { FileRecord } from "../records";
import type { Lake } from "./lake";

/** The data lake as a folder. Files are written atomically: to a draft that is synced and renamed. */
export class FolderLake implements Lake {
  /** The lock on the warehouse in the same home excludes other runs. */
  readonly isExclusive = true;

  constructor(readonly name: string) {}

  /** The file must be on the same disk. It stays where it is, because tables are loaded from it at the same time. */
  async publish(file: string, { path }: Pick<FileRecord, "path">): Promise<void> {
    const target = this.location(path);
    await makeFolder(dirname(target));
    const second = `${file}.published`;
    await rm(second, { force: true });
    // Not all file systems have hard links: those of memory cards do not.
    await link(file, second).catch(() => copyFile(file, second));
    await moveWhole(second, target);
  }

  async write(path: string, text: string): Promise<void> {
    await writeWhole(this.location(path), (draft) => writeFile(draft, text));
  }

  async read(path: string): Promise<string | undefined> {
    try {
      return await readFile(this.location(path), "utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  async holds({ path, bytes, sha256 }: FileRecord): Promise<boolean> {
    try {
      const { size } = await stat(this.location(path));
      return size === bytes && (await sha256Of(this.location(path))) === sha256;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    }
  }

  async remove(path: string): Promise<void> {
    await rm(this.location(path), { force: true });
  }

  local({ path }: FileRecord): Promise<string> {
    return Promise.resolve(this.location(path));
  }

  confirm(): Promise<void> {
    return Promise.resolve();
  }

  async names(prefix: string): Promise<readonly string[]> {
    try {
      return await readdir(this.location(prefix));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  }

  private location(path: string): string {
    return join(this.name, path);
  }
}
