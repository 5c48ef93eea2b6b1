package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.codec.Vp8Payload;
import dev.tapedeck.protocol.codec.Vp9Payload;
import java.lang.foreign.MemorySegment;

/**
 * Picture id and TL0PICIDX of VP8 and VP9 payloads (RFC 7741 §4.2, RFC 9628 §4.2). Receivers tell lost frames by them,
 * so they must go on without a break when a slot shows another source, like sequence numbers.
 */
final class PictureIds {
  private int pictureId;
  private int tl0PicIdx;
  private int mask;

  /** Remembers those of this packet, the last one accepted. */
  void note(Codec codec, MemorySegment memory, long payload, int payloadBytes) {
    if (codec == Codec.VP8 && Vp8Payload.descriptorBytes(memory, payload, payloadBytes) > 0) {
      note(Vp8Payload.pictureId(memory, payload), Vp8Payload.tl0PicIdx(memory, payload));
      mask = vp8Mask(memory, payload, payloadBytes);
    } else if (codec == Codec.VP9 && Vp9Payload.descriptorBytes(memory, payload, payloadBytes) > 0) {
      note(Vp9Payload.pictureId(memory, payload), Vp9Payload.tl0PicIdx(memory, payload));
    }
  }

  private void note(int newPictureId, int newTl0PicIdx) {
    if (newPictureId >= 0) {
      pictureId = newPictureId;
    }
    if (newTl0PicIdx >= 0) {
      tl0PicIdx = newTl0PicIdx;
    }
  }

  int pictureId() {
    return pictureId;
  }

  int tl0PicIdx() {
    return tl0PicIdx;
  }

  /** Bits of VP8's picture id in the packet noted last, 0 without one. */
  int mask() {
    return mask;
  }

  /** Bits of the picture id of a VP8 payload, 0 without one. */
  static int vp8Mask(MemorySegment memory, long payload, int payloadBytes) {
    return Vp8Payload.descriptorBytes(memory, payload, payloadBytes) > 0
        ? (1 << Vp8Payload.pictureIdBits(memory, payload)) - 1
        : 0;
  }

  /** Moves the ids in a payload; the same with negative amounts puts them back. */
  static void shift(
      Codec codec, MemorySegment memory, long payload, int payloadBytes, int pictureIdOffset, int tl0PicIdxOffset) {
    if (codec == Codec.VP8 && Vp8Payload.descriptorBytes(memory, payload, payloadBytes) > 0) {
      int id = Vp8Payload.pictureId(memory, payload);
      if (id >= 0) {
        Vp8Payload.putPictureId(memory, payload, id + pictureIdOffset);
      }
      int idx = Vp8Payload.tl0PicIdx(memory, payload);
      if (idx >= 0) {
        Vp8Payload.putTl0PicIdx(memory, payload, idx + tl0PicIdxOffset);
      }
    } else if (codec == Codec.VP9 && Vp9Payload.descriptorBytes(memory, payload, payloadBytes) > 0) {
      int id = Vp9Payload.pictureId(memory, payload);
      if (id >= 0) {
        Vp9Payload.putPictureId(memory, payload, id + pictureIdOffset);
      }
      int idx = Vp9Payload.tl0PicIdx(memory, payload);
      if (idx >= 0) {
        Vp9Payload.putTl0PicIdx(memory, payload, idx + tl0PicIdxOffset);
      }
    }
  }
}
