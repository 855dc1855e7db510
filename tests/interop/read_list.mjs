// Reads one status list with both published libraries.
// In:  {encodedList}
// Out: {library: [entries that are set]}
import {decodeList as readWithDigitalBazaar} from '@digitalbazaar/vc-bitstring-status-list';
import {decodeList as readWithCredentialsConsortium} from '@digitalcredentials/vc-bitstring-status-list';
import {readJob} from './documents.mjs';

const {encodedList} = readJob();

async function entriesOf(decodeList) {
  const list = await decodeList({encodedList});
  const found = [];
  for(let index = 0; index < list.length; ++index) {
    if(list.getStatus(index)) {
      found.push(index);
    }
  }
  return found;
}

process.stdout.write(JSON.stringify({
  '@digitalbazaar/vc-bitstring-status-list': await entriesOf(readWithDigitalBazaar),
  '@digitalcredentials/vc-bitstring-status-list': await entriesOf(readWithCredentialsConsortium)
}));
