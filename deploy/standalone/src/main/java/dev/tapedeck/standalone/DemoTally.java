package dev.tapedeck.standalone;

/**
 * What one synthetic participant did, by its own count.
 *
 * @param packetsSent     RTP packets of both tracks, retransmissions not counted
 * @param packetsReceived RTP packets of the others
 * @param packetsLost     packets of the others that never came
 */
record DemoTally(DemoClips.Clip clip, long packetsSent, long pictures, long soundFrames, long packetsReceived,
    long packetsLost) {
  long frames() {
    return pictures + soundFrames;
  }
}
