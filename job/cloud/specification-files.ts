import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Storage } from "@google-cloud/storage";
import { codeOf, messageOf } from "../../errors/thrown";
import { Failure } from "../failure";
import { cloudFailure, httpStatusOf } from "./failure";

/** A place with one file per specification, which is only read. */
export interface SpecificationFiles {
  /** For messages: `gs://bucket`, or the folder. */
  readonly name: string;
  /** The text of a file; undefined if there is none. */
  readonly read: (file: string) => Promise<string | undefined>;
  /** Names of all files. */
  readonly names: () => Promise<readonly string[]>;
}

/** A bucket. */
export function bucketFiles(storage: () => Promise<Storage>, bucket: string): SpecificationFiles {
  const name = `gs://${bucket}`;
  return {
    name,
    read: async (file) => {
      try {
        const [content] = await (await storage()).bucket(bucket).file(file).download();
        return content.toString();
      } catch (error) {
        if (httpStatusOf(error) === 404) return undefined;
        throw cloudFailure(error, `the specification ${name}/${file} cannot be read`);
      }
    },
    names: async () => {
      try {
        const [files] = await (await storage()).bucket(bucket).getFiles();
        return files.map((file) => file.name);
      } catch (error) {
        throw cloudFailure(error, `the specifications in ${name} cannot be listed`);
      }
    },
  };
}

/** A folder of this machine. */
export function folderFiles(folder: string): SpecificationFiles {
  return {
    name: folder,
    read: async (file) => {
      try {
        return await readFile(join(folder, file), "utf8");
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw new Failure("permanent", `${join(folder, file)} cannot be read: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
    names: async () => {
      try {
        return await readdir(folder);
      } catch (error) {
        throw new Failure(
          "permanent",
          `SPECIFICATIONS: the folder ${folder} cannot be read: ${messageOf(error)}`,
          {
            cause: error,
          },
        );
      }
    },
  };
}
