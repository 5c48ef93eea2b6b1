/** What the stand-in knows: recordings as a busy week leaves them, hostile names included. */

const DAY = Date.parse('2026-11-20T09:00:00Z');

export const RECORDINGS = [
  ['weekly-review', '', 'finalized', 'complete', 0, 3_127_400, 812_345_678, ['Ada Lovelace', 'Grace Hopper', 'Zoë']],
  ['support-8812', 'Support call: printer on fire', 'finalized', 'partial', 2, 754_200, 96_400_112, ['Linus', 'Margaret']],
  ['stand-up', '', 'recording', null, 0, 421_000, 44_120_400, ['Barbara', 'Edsger', 'Frances', 'Ken']],
  ['interview <b>é</b> & "co"', '', 'closing', null, 0, 1_801_000, 301_222_000, ['張偉', 'Ann']],
  ['a-room-with-a-very-long-name-that-never-ends-and-has-no-place-to-break-a-line-anywhere', '', 'finalized', 'complete', 0,
    61_000, 9_120_000, ['Solo']],
  ['lobby', '', 'finalized', 'empty', 0, 0, 0, []],
  ['weekly-review', '', 'finalized', 'complete', 0, 3_301_000, 842_345_678, ['Ada Lovelace', 'Grace Hopper']],
  ['stand-up', '', 'finalized', 'complete', 0, 903_000, 184_120_400, ['Barbara', 'Ken']],
].map(([room, title, state, verdict, gapCount, durationMs, bytes, peers], at) => ({
  id: 4_294_967_300 + at, app: 'demo', room, title, state, verdict, gapCount, durationMs, bytes, peers,
  startedAt: new Date(DAY - at * 7_200_000).toISOString(),
  endedAt: state === 'finalized' ? new Date(DAY - at * 7_200_000 + durationMs).toISOString() : null,
}));

export function recordingDetail(id, hasFiles) {
  const recording = RECORDINGS.find((each) => each.id === id);
  if (!recording) {
    return null;
  }
  const {startedAt, durationMs, peers, verdict} = recording;
  const at = (millis) => new Date(Date.parse(startedAt) + millis).toISOString();
  const reception = (expected, lost, repaired, longestHoleMs) => ({
    expected, received: expected - lost, lost, repaired, lostPpm: Math.round(lost / expected * 1e6), longestHoleMs});
  const sessions = peers.map((peer, n) => ({
    peer, session: 5_000_000_000 + n, node: 1, startedAt: at(n * 4_000), endedAt: at(durationMs - n * 900),
    end: n === 1 ? 'timed_out' : 'left', ...(n === 1 && {tailUnknownSince: at(durationMs - 30_000)}),
    tracks: [
      {number: 1, name: 'audio_main', rid: '', kind: 'audio', codec: 'opus',
        reception: reception(156_370, n, 40 * n, 20 * n)},
      ...['q', 'h', 'f'].map((rid, layer) => ({
        number: 2 + layer, name: 'video_main', rid, kind: 'video', codec: 'VP8',
        reception: reception(120_000 * (layer + 1), n * 412 * layer, n * 800, n * 340)})),
    ],
  }));
  const gaps = verdict !== 'partial' ? [] : [
    {peer: peers[0], session: 5_000_000_000, track: 0, from: at(120_000), to: at(121_200), cause: 'crash', packets: 0},
    {peer: peers[1], session: 5_000_000_001, track: 4, from: at(300_000), to: at(300_340), cause: 'queue', packets: 118},
  ];
  const file = (name, kind, codecs, durationOf, bytes) => ({name, kind, codecs, durationMs: durationOf, bytes,
    url: `/media/${encodeURIComponent(name)}?signature=abc`});
  const files = hasFiles ? [
    ...peers.flatMap((peer) => [
      file(`${peer}-4800516412253067-opus-audio_main-1795258716966.webm`, 'track', 'opus', durationMs, 12_410_000),
      file(`${peer}-4800516412253067-vp8-video_main-1795258717044.webm`, 'track', 'vp8', durationMs, 210_410_000)]),
    file('job_4370771589950772.webm', 'composed', 'vp8, opus', durationMs, 156_000_000),
    file('summary.json', 'summary', '', 0, 4_120),
  ] : [];
  return {...recording, sessions, gaps, files};
}
