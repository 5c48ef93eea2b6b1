package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.codec.DependencyDescriptor;
import dev.tapedeck.protocol.codec.DependencyStructure;
import dev.tapedeck.protocol.codec.H264Payload;
import dev.tapedeck.protocol.codec.Vp8Payload;
import dev.tapedeck.protocol.codec.Vp9Payload;
import dev.tapedeck.protocol.rtp.RtpExtensions;
import java.lang.foreign.MemorySegment;

/**
 * What the packet accepted last tells of temporal layers: which one its picture belongs to, and whether a receiver that
 * did without upper layers may begin with them here. The payload descriptor tells it of VP8 and VP9, the dependency
 * descriptor of AV1. Of H.264 only the pictures that no other refers to can be told, as one layer above all others.
 * Owned by the worker thread.
 */
final class TemporalLayers {
  /** As many as there can be; who gets this one gets everything. */
  static final int HIGHEST = 7;

  private final int descriptorId;
  private final DependencyStructure structure = new DependencyStructure();
  private int layer;
  private int opensFrom;
  private int opensTo;

  /** The greatest layer seen. */
  private int highest;

  /** @param descriptorId id of the dependency descriptor's header extension, 0 without one */
  TemporalLayers(int descriptorId) {
    this.descriptorId = descriptorId;
  }

  void note(Codec codec, MemorySegment memory, long offset, int headerBytes, int payloadBytes, boolean startsKeyFrame) {
    layer = 0;
    opens(HIGHEST, 0);
    long payload = offset + headerBytes;
    switch (codec) {
      case VP8 -> noteVp8(memory, payload, payloadBytes);
      case VP9 -> noteVp9(memory, payload, payloadBytes);
      case AV1 -> noteDescriptor(memory, offset, headerBytes);
      case H264 -> noteH264(memory, payload, payloadBytes);
      case OPUS -> {}
    }
    highest = Math.max(highest, layer);
    if (startsKeyFrame) {
      opens(0, HIGHEST);
    }
  }

  /** 0 for the pictures that all others build on, and where nothing is told. */
  int layer() {
    return layer;
  }

  /** The greatest layer of what was sent so far. */
  int highest() {
    return highest;
  }

  /** From this picture on up to {@link #opensTo} can be decoded by who had at least the layers up to here. */
  int opensFrom() {
    return opensFrom;
  }

  int opensTo() {
    return opensTo;
  }

  private void opens(int from, int to) {
    opensFrom = from;
    opensTo = to;
  }

  /** Y: the picture refers to the base layer alone (RFC 7741 §4.2), so those behind it need nothing older of its layer. */
  private void noteVp8(MemorySegment memory, long payload, int payloadBytes) {
    if (Vp8Payload.descriptorBytes(memory, payload, payloadBytes) > 0) {
      layer = Math.max(0, Vp8Payload.tid(memory, payload));
      if (layer > 0 && Vp8Payload.isLayerSync(memory, payload)) {
        opens(layer - 1, layer);
      }
    }
  }

  /** U: no picture of a higher layer behind this one refers to such a one before it (RFC 9628 §4.2). */
  private void noteVp9(MemorySegment memory, long payload, int payloadBytes) {
    if (Vp9Payload.descriptorBytes(memory, payload, payloadBytes) > 0) {
      layer = Math.max(0, Vp9Payload.tid(memory, payload));
      if (Vp9Payload.isSwitchingUpPoint(memory, payload)) {
        opens(layer, HIGHEST);
      }
    }
  }

  private void noteDescriptor(MemorySegment memory, long offset, int headerBytes) {
    long element = descriptorId == 0
        ? RtpExtensions.NONE : RtpExtensions.find(memory, offset, headerBytes, descriptorId);
    if (element == RtpExtensions.NONE) {
      return;
    }
    long descriptor = RtpExtensions.offset(element);
    int bytes = RtpExtensions.length(element);
    if (DependencyDescriptor.hasStructure(memory, descriptor, bytes)) {
      structure.read(memory, descriptor, bytes);
    }
    int told = structure.temporalLayer(memory, descriptor, bytes);
    if (told >= 0) {
      layer = told;
      opens(layer, structure.switchesTo(memory, descriptor, bytes));
    }
  }

  private void noteH264(MemorySegment memory, long payload, int payloadBytes) {
    layer = H264Payload.isNonReference(memory, payload, payloadBytes) ? 1 : 0;
    opens(0, 1); // what nothing refers to may come and go
  }
}
