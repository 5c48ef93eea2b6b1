package dev.tapedeck.bench.client.rtp;

/** Told on the loop thread when the far side wants a key frame of a stream (PLI or FIR). */
@FunctionalInterface
public interface KeyFrameListener {
  void onKeyFrameRequest(OutgoingStream stream);
}
