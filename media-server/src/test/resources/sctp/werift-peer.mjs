// The SCTP and data channels of werift, without DTLS: packets come and go over stdin and stdout, each behind its length
// in two bytes. It echoes what it gets on any channel. Strings that begin with ! are orders: "!open LABEL" opens a
// channel from here, "!close" closes the channel it came on, "!send BYTES" sends so many bytes of its own.
// usage: node werift-peer.mjs PACKAGE-FOLDER init|wait
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, who] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { RTCSctpTransport } = require(path.join(folder, 'lib/webrtc/src/transport/sctp.js'));
const { RTCDataChannel, RTCDataChannelParameters } = require(path.join(folder, 'lib/webrtc/src/dataChannel.js'));

const dtls = {
  id: 'pipe',
  iceTransport: { role: who === 'init' ? 'controlling' : 'controlled' },
  onStateChange: { subscribe: () => ({ unSubscribe() {} }) },
  dataReceiver: () => {},
  sendData: async (packet) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(packet.length);
    process.stdout.write(Buffer.concat([length, packet]));
  },
};

const transport = new RTCSctpTransport(5000, 1 << 20);
transport.setDtlsTransport(dtls);
transport.setRemoteMaxMessageSize(1 << 20);

function serve(channel) {
  channel.onMessage.subscribe((data) => {
    if (typeof data !== 'string' || !data.startsWith('!')) {
      channel.send(data);
      return;
    }
    const [order, argument] = data.split(' ');
    if (order === '!open') {
      serve(open({ label: argument }));
    } else if (order === '!close') {
      channel.close();
    } else if (order === '!send') {
      channel.send(Buffer.alloc(Number(argument), 0x5a));
    }
  });
}

function open(parameters) {
  return new RTCDataChannel(transport, new RTCDataChannelParameters({ ordered: true, ...parameters }));
}

transport.onDataChannel.subscribe(serve);
serve(open({ label: 'data', negotiated: true, id: 0 }));

let pending = Buffer.alloc(0);
process.stdin.on('data', (bytes) => {
  pending = Buffer.concat([pending, bytes]);
  while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE()) {
    const length = pending.readUInt16BE();
    dtls.dataReceiver(pending.subarray(2, 2 + length));
    pending = pending.subarray(2 + length);
  }
});
process.stdin.on('end', () => process.exit(0));
transport.start(5000);
