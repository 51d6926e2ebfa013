import { storageClient } from "../../support/cloud/clients";
import { type Emulators, missingEmulators, startEmulators } from "../../support/cloud/emulators";
import type { Asked, Front } from "../../support/cloud/front";
import { startStorageFront } from "../../support/cloud/storage-front";
import { describeUnless } from "../../support/unless";

describeUnless(missingEmulators())("Cloud Storage emulator", () => {
  let emulators: Emulators;
  let front: Front;

  beforeAll(async () => {
    emulators = await startEmulators();
    front = await startStorageFront(emulators.storage);
    await bucket().create({ location: "EU" });
  });
  afterAll(async () => {
    await front.stop();
    await emulators.stop();
  });
  afterEach(() => {
    expect(front.pending()).toBe(0);
  });

  const bucket = () => storageClient(front.url).bucket("lake");
  const uploads = ({ path }: Asked) => path.startsWith("/upload/");
  const downloads = ({ path }: Asked) => path.includes("alt=media");
  const once = { preconditionOpts: { ifGenerationMatch: 0 } };

  test("writes an object with ifGenerationMatch 0 once", async () => {
    const file = bucket().file("a/new");
    await file.save("first", { resumable: false, ...once });
    await expect(file.save("second", { resumable: false, ...once })).rejects.toMatchObject({ code: 412 });
    await expect(file.save("third", { resumable: true, ...once })).rejects.toMatchObject({ code: 412 });
    expect(String(await file.download())).toBe("first");
  });

  test("continues a resumable upload through the front", async () => {
    const file = bucket().file("a/large");
    const before = front.asked.length;
    await file.save(Buffer.alloc(1_000_000, "x"), { resumable: true, ...once });
    expect(front.asked.slice(before).map(({ method }) => method)).toEqual(["POST", "PUT"]);
    expect((await file.getMetadata())[0].size).toBe("1000000");
  });

  test("rejects a wrong checksum and stores nothing", async () => {
    const file = bucket().file("a/wrong");
    const metadata = { md5Hash: "AAAAAAAAAAAAAAAAAAAAAA==" };
    await expect(file.save("content", { resumable: false, metadata })).rejects.toMatchObject({ code: 400 });
    expect(await file.exists()).toEqual([false]);
  });

  test("gets a request again from the client after a 503", async () => {
    front.failNext(uploads, { status: 503 });
    front.failNext(downloads, { status: 503 });
    const file = bucket().file("a/retried");
    await file.save("content", { resumable: false, ...once });
    expect(String(await file.download())).toBe("content");
  });

  test("has the object if the response was lost, and the client's retry finds it", async () => {
    front.failNext(uploads, "answerThenDrop");
    const file = bucket().file("a/lost");
    await expect(file.save("content", { resumable: false, ...once })).rejects.toMatchObject({ code: 412 });
    expect(String(await file.download())).toBe("content");
  });

  test("detects a corrupt download in the client", async () => {
    const file = bucket().file("a/corrupt");
    await file.save("content", { resumable: false });
    front.failNext(downloads, "corrupt");
    await expect(file.download()).rejects.toMatchObject({ code: "CONTENT_DOWNLOAD_MISMATCH" });
  });
});
