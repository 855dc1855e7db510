// The npm client tus-js-client against a running server: what it is told on standard input, what happened as JSON.
import { createHash } from "node:crypto";
import { Upload } from "tus-js-client";

let told = "";
for await (const chunk of process.stdin) { told += chunk; }
const { endpoint, grant, headers, filename, size, chunk, breakAfter } = JSON.parse(told);
const content = Buffer.alloc(size);
for (let at = 0; at < size; at += 1) { content[at] = 97 + (at % 23); }

function send(uploadUrl, stopAt) {
  return new Promise((resolve) => {
    const progress = [];
    const upload = new Upload(content, {
      endpoint, uploadUrl, headers, chunkSize: chunk, retryDelays: [0, 50, 100],
      metadata: { filename, grant },
      onError: (error) => resolve({ error: String(error), status: error.originalResponse?.getStatus(), body: error.originalResponse?.getBody(), url: upload.url, progress }),
      onSuccess: () => resolve({ url: upload.url, progress }),
      onChunkComplete: (_size, accepted) => {
        progress.push(accepted);
        if (stopAt && accepted >= stopAt) { upload.abort(false).then(() => resolve({ url: upload.url, progress, stopped: true })); }
      },
    });
    upload.start();
  });
}

const first = await send(null, breakAfter);
const second = first.stopped ? await send(first.url, 0) : null;
let gone = null;
if (second && !second.error) {
  const extra = await send(null, chunk);
  await Upload.terminate(extra.url, { headers, retryDelays: [] }).then(() => { gone = "terminated"; }, (error) => { gone = String(error); });
}
console.log(JSON.stringify({ first, second, gone, sha256: createHash("sha256").update(content).digest("hex") }));
