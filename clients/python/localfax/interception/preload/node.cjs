// Leads what a node process opens to the vendors' hosts to Localfax, whatever opens it: fetch, http, https, http2, tls.
// Set with NODE_OPTIONS by `localfax exec --intercept`. Nothing but node itself, from version 14 on.
'use strict';

const net = require('net');
const tls = require('tls');
const { Duplex } = require('stream');

const hosts = new Set((process.env.LOCALFAX_PRELOAD_HOSTS || '').split(',').filter(Boolean));
const [, proxyHost, proxyPort] = /^\[?(.*?)\]?:(\d+)$/.exec(process.env.LOCALFAX_PRELOAD_PROXY || '') || [];

/** The vendor's host that options of a connection name, if they do. */
function vendorOf(options) {
  const host = String((options && options.host) || '').toLowerCase().replace(/\.$/, '');
  return hosts.has(host) ? host : null;
}

/** The options that the arguments of `connect` give: (options), (port, host, options), each with a callback behind. */
function optionsOf(given) {
  if (Array.isArray(given[0])) return given[0][0];
  if (given[0] !== null && typeof given[0] === 'object') return given[0];
  const more = given.find((each) => each !== null && typeof each === 'object') || {};
  return { ...more, port: given[0], host: typeof given[1] === 'string' ? given[1] : more.host };
}

/** A connection through the proxy to a host's port: what is written waits until the proxy has agreed. */
class Tunnel extends Duplex {
  constructor(target) {
    super();
    this.open = false;
    this.held = null;
    this.head = Buffer.alloc(0);
    this.raw = net.connect(Number(proxyPort), proxyHost);
    this.raw.on('connect', () => this.raw.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`));
    this.raw.on('data', (piece) => (this.open ? this.take(piece) : this.listen(piece)));
    this.raw.on('end', () => (this.open ? this.push(null) : this.destroy(new Error('Localfax closed the tunnel'))));
    this.raw.on('error', (wrong) => this.destroy(wrong));
    this.raw.on('close', () => this.destroy());
  }

  take(piece) {
    if (!this.push(piece)) this.raw.pause();
  }

  listen(piece) {
    this.head = Buffer.concat([this.head, piece]);
    const end = this.head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const said = this.head.toString('latin1');
    if (!/^HTTP\/1\.[01] 200 /.test(said)) {
      this.destroy(new Error(`Localfax: ${said.slice(0, said.indexOf('\r\n'))} ${said.slice(end + 4)}`));
      return;
    }
    this.open = true;
    if (this.head.length > end + 4) this.take(this.head.subarray(end + 4));
    const held = this.held;
    this.held = null;
    if (held) held();
  }

  _read() {
    this.raw.resume();
  }

  _write(piece, encoding, done) {
    if (this.open) this.raw.write(piece, encoding, done);
    else this.held = () => this.raw.write(piece, encoding, done);
  }

  _final(done) {
    this.raw.end(done);
  }

  _destroy(wrong, done) {
    this.raw.destroy();
    done(wrong);
  }
}

for (const name of ['setNoDelay', 'setKeepAlive', 'ref', 'unref']) {
  Tunnel.prototype[name] = function (...given) {
    this.raw[name](...given);
    return this;
  };
}

if (hosts.size && proxyPort) {
  const encrypt = tls.connect;
  tls.connect = function (...given) {
    const options = optionsOf(given);
    const host = options.socket ? null : vendorOf(options);
    if (!host) return encrypt.apply(this, given);
    const done = given.find((each) => typeof each === 'function');
    const socket = new Tunnel(`${host}:${options.port || 443}`);
    return encrypt.call(this, { servername: host, ...options, socket }, done);
  };

  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...given) {
    const options = optionsOf(given);
    if (!vendorOf(options)) return connect.apply(this, given);
    const done = (Array.isArray(given[0]) ? given[0] : given).find((each) => typeof each === 'function');
    if (Number(options.port || 80) !== 80) {
      const wrong = new Error(`${options.host} is Localfax's here: reach it by tls.connect, https or fetch`);
      process.nextTick(() => this.destroy(wrong));
      return this;
    }
    // Plain requests name their host: the server knows whose they are.
    return connect.call(this, { ...options, host: proxyHost, port: Number(proxyPort), lookup: undefined }, done);
  };
  require('module').syncBuiltinESMExports();
}
