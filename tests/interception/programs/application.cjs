// An application that faxes by two vendors, at their own addresses, and hears of it: by the client that is named.
'use strict';

const http = require('http');
const https = require('https');

const IFAX = 'https://api.ifaxapp.com/v1/customer/fax-send';
const OPENFAX = 'https://api.openfax.com/faxSendSubmit.php';
const KEYS = { accessToken: 'live-5f2c9a7be1d04c66', 'Content-Type': 'application/json' };
const PDF =
  'JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv' +
  'dW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+PmVuZG9iagp0cmFpbGVyPDwv' +
  'Um9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G';
const LETTER = { faxNumber: '+12125550123', faxData: [{ fileName: 'letter.pdf', fileData: PDF }] };
const FORM = {
  AccountID: '555000111', APIKey: 'LiveKeyOfARealAccount', FaxNumber: '12125550123', paperSize: '0', faxResolution: '0',
  Priority: 'Normal', PDF_encode: PDF,
};
const TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Sends by https as it is, or with options of one's own. */
function byHttps(url, headers, body, more = {}) {
  return new Promise((done, failed) => {
    const asked = https.request(url, { method: 'POST', headers, ...more }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () => done(JSON.parse(text)));
    });
    asked.on('error', failed);
    asked.end(body);
  });
}

const CLIENTS = {
  fetch: async (url, headers, body) => (await fetch(url, { method: 'POST', headers, body })).json(),
  https: byHttps,
  'own agent': (url, headers, body) => byHttps(url, headers, body, { agent: new https.Agent({ keepAlive: true, maxSockets: 1 }) }),
  axios: async (url, headers, body) => (await require('axios').post(url, body, { headers })).data,
  'axios without proxy': async (url, headers, body) => (await require('axios').post(url, body, { headers, proxy: false })).data,
};

async function main(name, port) {
  const send = CLIENTS[name];
  let heard = 0;
  const server = http.createServer((asked, answer) => {
    asked.resume();
    asked.on('end', () => {
      answer.end();
      heard += 1;
      if (heard === 2) server.emit('enough');
    });
  });
  await new Promise((begun) => server.listen(Number(port), '127.0.0.1', begun));
  const enough = new Promise((done) => server.on('enough', done));
  const first = await send(IFAX, KEYS, JSON.stringify(LETTER));
  const second = await send(OPENFAX, TYPE, new URLSearchParams(FORM).toString());
  await enough;
  console.log(first.status, second.Response, `heard ${heard}`);
  process.exit(0);
}

main(...process.argv.slice(2)).catch((wrong) => {
  console.error(wrong);
  process.exit(1);
});
