/** `npm run image`: writes what the ingest image is built from to dist/image, for any program that builds images. */
import { join } from "node:path";
import { writeContext } from "./context";

const folder = join("dist", "image");

void writeContext(folder).then((missing) => {
  if (missing === undefined) {
    process.stdout.write(`${folder} is ready: docker build --platform linux/amd64 --tag <image> ${folder}\n`);
  } else {
    process.stderr.write(`${missing}\n`);
    process.exitCode = 1;
  }
});
