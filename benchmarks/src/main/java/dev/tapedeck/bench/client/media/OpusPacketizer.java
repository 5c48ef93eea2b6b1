package dev.tapedeck.bench.client.media;

/** One Opus packet is one payload (RFC 7587 §4.2). */
public final class OpusPacketizer implements Packetizer {
  @Override
  public void packetize(byte[] frame, PayloadSink sink) {
    if (frame.length > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "Opus packet of " + frame.length + " bytes; it cannot be cut, and " + MAX_PAYLOAD_BYTES + " is the limit");
    }
    sink.onPayload(frame, frame.length, false);
  }
}
