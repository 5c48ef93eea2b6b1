package dev.tapedeck.bench.client.media;

/** Cuts frames of one codec into RTP payloads. */
public interface Packetizer {
  /** Largest payload a client sends, so that with headers and SRTP a packet fits every path. */
  int MAX_PAYLOAD_BYTES = 1200;

  /** Takes one payload after another of a frame; the array is reused after return. */
  @FunctionalInterface
  interface PayloadSink {
    void onPayload(byte[] payload, int payloadBytes, boolean isLastOfFrame);
  }

  void packetize(byte[] frame, PayloadSink sink);
}
