package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * The template dependency structure of one stream (RTP Payload Format For AV1 v1.0, appendix A.8.3 and A.8.4), as far as
 * it tells of temporal layers. It comes with key frames and gives meaning to the template ids of all frames behind it.
 *
 * <pre>
 * template_id_offset (6), dt_cnt_minus_one (5)
 * per template:                    next_layer_idc (2): 0 same layer, 1 next temporal, 2 next spatial, 3 no more
 * per template and decode target:  dti (2): 0 not present, 1 discardable, 2 switch, 3 required
 * </pre>
 *
 * <p>Any bytes may be read; a structure that does not fit its element is forgotten and tells nothing. Keeps no reference
 * to what it read and allocates nothing after its construction. Not for several threads at once.
 */
public final class DependencyStructure {
  /** Nothing is known of a frame. */
  public static final int NONE = -1;

  private static final int MAX_TEMPLATES = 64;
  private static final int MAX_TARGETS = 32;
  private static final int NO_MORE = 3;
  private static final int NOT_PRESENT = 0;
  private static final int SWITCH = 2;

  /** Behind the mandatory fields: whether a structure, a bitmask of targets, own indications follow. */
  private static final int FLAG_BITS = 5;
  private static final int MANDATORY_BITS = 8 * DependencyDescriptor.MANDATORY_BYTES;

  private final byte[] temporal = new byte[MAX_TEMPLATES];
  private final byte[] indications = new byte[MAX_TEMPLATES * MAX_TARGETS];
  private final byte[] targetTemporal = new byte[MAX_TARGETS];
  private int idOffset;
  private int templates;
  private int targets;

  /** Learns the structure of an element that has one. */
  public void read(MemorySegment memory, long offset, int length) {
    int end = 8 * length;
    int at = MANDATORY_BITS + FLAG_BITS;
    templates = 0;
    if (at + 11 > end) {
      return;
    }
    idOffset = bits(memory, offset, at, 6);
    targets = bits(memory, offset, at + 6, 5) + 1;
    int count = readLayers(memory, offset, at + 11, end);
    at += 11 + 2 * count;
    if (count > 0 && at + 2 * count * targets <= end) {
      readIndications(memory, offset, at, count);
      templates = count;
    }
  }

  /** Temporal layer of the frame that an element tells of, or {@link #NONE}. */
  public int temporalLayer(MemorySegment memory, long offset, int length) {
    int template = template(memory, offset, length);
    return template == NONE ? NONE : temporal[template];
  }

  /** The greatest temporal layer that can be decoded from this frame on by who can decode this frame, or {@link #NONE}. */
  public int switchesTo(MemorySegment memory, long offset, int length) {
    int template = template(memory, offset, length);
    if (template == NONE) {
      return NONE;
    }
    int own = ownIndications(memory, offset, length);
    int greatest = NONE;
    for (int layer = 0; layer <= 7; layer++) {
      if (isSwitch(memory, offset, own, template, layer)) {
        greatest = layer;
      }
    }
    return greatest;
  }

  private boolean isSwitch(MemorySegment memory, long offset, int own, int template, int layer) {
    boolean any = false;
    for (int target = 0; target < targets; target++) {
      if (targetTemporal[target] != layer) {
        continue;
      }
      int indication = own == NONE
          ? indications[template * MAX_TARGETS + target]
          : bits(memory, offset, own + 2 * target, 2);
      if (indication != NOT_PRESENT && indication != SWITCH) {
        return false;
      }
      any |= indication == SWITCH;
    }
    return any;
  }

  /** Index of an element's template, or {@link #NONE} if the structure does not know it. */
  private int template(MemorySegment memory, long offset, int length) {
    if (!DependencyDescriptor.isValid(length)) {
      return NONE;
    }
    int index = DependencyDescriptor.templateId(memory, offset) - idOffset & 63;
    return index < templates ? index : NONE;
  }

  /** Bit at which the frame's own indications begin, or {@link #NONE} if those of its template hold. */
  private int ownIndications(MemorySegment memory, long offset, int length) {
    int flags = length == DependencyDescriptor.MANDATORY_BYTES ? 0 : Bytes.u8(memory, offset + 3) >> 3;
    boolean hasStructure = (flags & 0x10) != 0;
    boolean hasBitmask = (flags & 0x08) != 0;
    boolean hasOwn = (flags & 0x04) != 0;
    if (!hasOwn || hasStructure) {
      return NONE; // behind a structure they are hard to find; key frames are known without them
    }
    int at = MANDATORY_BITS + FLAG_BITS + (hasBitmask ? targets : 0);
    return at + 2 * targets <= 8 * length ? at : NONE;
  }

  /** Returns how many templates there are, 0 if they do not fit. */
  private int readLayers(MemorySegment memory, long offset, int from, int end) {
    int layer = 0;
    int count = 0;
    for (int at = from; at + 2 <= end && count < MAX_TEMPLATES; at += 2) {
      temporal[count++] = (byte) layer;
      int next = bits(memory, offset, at, 2);
      if (next == NO_MORE) {
        return count;
      }
      layer = next == 0 ? layer : next == 1 ? Math.min(layer + 1, 7) : 0;
    }
    return 0;
  }

  private void readIndications(MemorySegment memory, long offset, int from, int count) {
    int at = from;
    for (int target = 0; target < targets; target++) {
      targetTemporal[target] = 0;
    }
    for (int template = 0; template < count; template++) {
      for (int target = 0; target < targets; target++, at += 2) {
        int indication = bits(memory, offset, at, 2);
        indications[template * MAX_TARGETS + target] = (byte) indication;
        if (indication != NOT_PRESENT) {
          targetTemporal[target] = (byte) Math.max(targetTemporal[target], temporal[template]);
        }
      }
    }
  }

  /** Up to 8 bits that lie inside the element. */
  private static int bits(MemorySegment memory, long offset, int at, int count) {
    int value = 0;
    for (int i = at; i < at + count; i++) {
      value = value << 1 | Bytes.u8(memory, offset + (i >> 3)) >> 7 - (i & 7) & 1;
    }
    return value;
  }
}
