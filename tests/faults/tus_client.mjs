// Sends one file with the real tus-js-client, as a phone would:
//   node tus_client.mjs ENDPOINT FILE URL_STORE HEADERS_JSON METADATA_JSON CHUNK_BYTES
// Prints one line of JSON: how it ended. Run again, it goes on where it was.
import { createReadStream, statSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const tus = require("tus-js-client");

const [endpoint, file, store, headers, metadata, chunkSize] = process.argv.slice(2);
let requests = 0;
const upload = new tus.Upload(createReadStream(file), {
  endpoint,
  headers: JSON.parse(headers),
  metadata: JSON.parse(metadata),
  uploadSize: statSync(file).size,
  chunkSize: Number(chunkSize),
  urlStorage: new tus.FileUrlStorage(store),
  removeFingerprintOnSuccess: true,
  onBeforeRequest: () => { requests += 1; },
  onSuccess: () => console.log(JSON.stringify({ done: true, url: upload.url, requests })),
  onError: (error) => {
    const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
    console.log(JSON.stringify({ done: false, status, why: String(error.message).slice(0, 200) }));
    process.exitCode = 3;
  },
});
const earlier = await upload.findPreviousUploads();
if (earlier.length > 0) upload.resumeFromPreviousUpload(earlier[0]);
upload.start();
