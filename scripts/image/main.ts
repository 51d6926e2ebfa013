/** `npm run image`: writes the build context of the ingest image to dist/image, for any image builder. */
import { join } from "node:path";
import { writeContext } from "./context";

const folder = join("dist", "image");

void writeContext(folder).then((missing) => {
  if (missing === undefined) {
    process.stdout.write(
      `Wrote ${folder}. To build the image: docker build --platform linux/amd64 --tag <image> ${folder}\n`,
    );
  } else {
    process.stderr.write(`${missing}\n`);
    process.exitCode = 1;
  }
});
