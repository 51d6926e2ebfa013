import { storageClient } from "../../support/cloud/clients";
import { type Emulators, missingEmulators, startEmulators } from "../../support/cloud/emulators";
import type { Asked, Front } from "../../support/cloud/front";
import { startStorageFront } from "../../support/cloud/storage-front";
import { describeUnless } from "../../support/unless";

describeUnless(missingEmulators())("Cloud Storage, emulated", () => {
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

  test("an object that must be new is written once", async () => {
    const file = bucket().file("a/new");
    await file.save("first", { resumable: false, ...once });
    await expect(file.save("second", { resumable: false, ...once })).rejects.toMatchObject({ code: 412 });
    await expect(file.save("third", { resumable: true, ...once })).rejects.toMatchObject({ code: 412 });
    expect(String(await file.download())).toBe("first");
  });

  test("a resumable upload goes on through the front", async () => {
    const file = bucket().file("a/large");
    const before = front.asked.length;
    await file.save(Buffer.alloc(1_000_000, "x"), { resumable: true, ...once });
    expect(front.asked.slice(before).map(({ method }) => method)).toEqual(["POST", "PUT"]);
    expect((await file.getMetadata())[0].size).toBe("1000000");
  });

  test("a wrong checksum is refused, and nothing stored", async () => {
    const file = bucket().file("a/wrong");
    const metadata = { md5Hash: "AAAAAAAAAAAAAAAAAAAAAA==" };
    await expect(file.save("content", { resumable: false, metadata })).rejects.toMatchObject({ code: 400 });
    expect(await file.exists()).toEqual([false]);
  });

  test("the client sends again what was answered 503", async () => {
    front.failNext(uploads, { status: 503 });
    front.failNext(downloads, { status: 503 });
    const file = bucket().file("a/retried");
    await file.save("content", { resumable: false, ...once });
    expect(String(await file.download())).toBe("content");
  });

  test("an answer that is lost: the object is there, and the client's second try finds it", async () => {
    front.failNext(uploads, "answerThenDrop");
    const file = bucket().file("a/lost");
    await expect(file.save("content", { resumable: false, ...once })).rejects.toMatchObject({ code: 412 });
    expect(String(await file.download())).toBe("content");
  });

  test("the client finds a download that is not what was stored", async () => {
    const file = bucket().file("a/corrupt");
    await file.save("content", { resumable: false });
    front.failNext(downloads, "corrupt");
    await expect(file.download()).rejects.toMatchObject({ code: "CONTENT_DOWNLOAD_MISMATCH" });
  });
});
