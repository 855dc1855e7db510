// The npm library standardwebhooks on messages that are told on standard input: what it says of each, as JSON.
import { Webhook } from "standardwebhooks";

let told = "";
for await (const chunk of process.stdin) { told += chunk; }
const { messages } = JSON.parse(told);

const found = messages.map(({ secret, body, headers }) => {
  try {
    return { verified: new Webhook(secret).verify(body, headers).type };
  } catch (error) {
    return { verified: "", problem: error.message };
  }
});
process.stdout.write(JSON.stringify({ found }));
