package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.codec.H264Payload;
import dev.tapedeck.protocol.codec.H264Sps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Base64;

/**
 * H.264 payloads (RFC 6184): single NAL units, STAP-A and FU-A; out comes an access unit with start codes (Annex B).
 *
 * <pre>
 * single  | NAL header | ...                     type 1..23
 * STAP-A  | type 24 | size:16 | NAL unit | size:16 | NAL unit | ...
 * FU-A    | type 28 | S E R type:5 | fragment     S on the first, E on the last
 * </pre>
 *
 * <p>Parameter sets are remembered: a key frame that relies on ones sent earlier, or only in the SDP, gets them put in
 * front, so that decoding may begin at every key frame.
 */
final class H264Format implements PayloadFormat {
  private static final byte[] START_CODE = {0, 0, 0, 1};
  private static final byte[] NONE = {};
  private static final int TYPE_DELIMITER = 9;
  private static final int TYPE_STAP_A = 24;
  private static final int TYPE_FU_A = 28;
  private static final int FU_START = 0x80;
  private static final int FU_END = 0x40;

  private byte[] sps = NONE;
  private byte[] pps = NONE;
  private boolean hasIdr;
  private boolean hasSps;
  private boolean hasPps;
  private boolean isInFragment;

  H264Format(String fmtp) {
    readSpropParameterSets(fmtp);
  }

  @Override
  public void beginFrame() {
    hasIdr = false;
    hasSps = false;
    hasPps = false;
    isInFragment = false;
  }

  @Override
  public boolean startsFrame(MemorySegment memory, long offset, int length) {
    return switch (typeAt(memory, offset)) {
      case TYPE_FU_A -> length > 2 && (at(memory, offset + 1) & FU_START) != 0
          && startsPicture(at(memory, offset + 1) & 0x1F, at(memory, offset + 2));
      case TYPE_STAP_A -> length > 4 && startsPicture(typeAt(memory, offset + 3), at(memory, offset + 4));
      default -> length > 1 && startsPicture(typeAt(memory, offset), at(memory, offset + 1));
    };
  }

  // A slice begins with first_mb_in_slice (7.3.3); 0 is the one-bit code 1. Other NAL units stand before the slices.
  private static boolean startsPicture(int type, int firstByte) {
    boolean isSlice = type >= 1 && type <= H264Payload.IDR_SLICE;
    return !isSlice || (firstByte & 0x80) != 0;
  }

  @Override
  public boolean append(MemorySegment memory, long offset, int length, FrameBuffer frame) {
    return switch (typeAt(memory, offset)) {
      case TYPE_STAP_A -> !isInFragment && appendAggregate(memory, offset + 1, offset + length, frame);
      case TYPE_FU_A -> appendFragment(memory, offset, length, frame);
      case 0, 25, 26, 27, 29, 30, 31 -> false;
      default -> !isInFragment && appendNalUnit(memory, offset, length, frame);
    };
  }

  @Override
  public Finish finish(FrameBuffer frame) {
    if (isInFragment || frame.length() == 0) {
      return Finish.UNDECODABLE;
    }
    if (!hasIdr) {
      return Finish.DELTA;
    }
    byte[] parameterSets = parameterSets();
    if (!hasSps || !hasPps) {
      frame.replace(0, 0, parameterSets);
    }
    return H264Sps.parse(MemorySegment.ofArray(sps), 0, sps.length)
        .map(size -> Finish.key(size.width(), size.height(), parameterSets))
        .orElse(Finish.UNDECODABLE);
  }

  private boolean appendAggregate(MemorySegment memory, long from, long end, FrameBuffer frame) {
    long position = from;
    while (position + 2 < end) {
      int size = at(memory, position) << 8 | at(memory, position + 1);
      position += 2;
      if (size == 0 || position + size > end || !appendNalUnit(memory, position, size, frame)) {
        return false;
      }
      position += size;
    }
    return position == end;
  }

  private boolean appendFragment(MemorySegment memory, long offset, int length, FrameBuffer frame) {
    if (length < 3) {
      return false;
    }
    int indicator = at(memory, offset);
    int header = at(memory, offset + 1);
    boolean isStart = (header & FU_START) != 0;
    if (isStart == isInFragment) {
      return false;
    }
    if (isStart) {
      int nalHeader = indicator & 0xE0 | header & 0x1F;
      noteType(nalHeader & 0x1F);
      frame.put(START_CODE);
      frame.put(nalHeader);
    }
    frame.put(memory, offset + 2, length - 2);
    isInFragment = (header & FU_END) == 0;
    return true;
  }

  private boolean appendNalUnit(MemorySegment memory, long offset, int length, FrameBuffer frame) {
    int type = typeAt(memory, offset);
    if (type == TYPE_DELIMITER) {
      return true; // the container has its own borders
    }
    noteType(type);
    if (type == H264Payload.SPS) {
      sps = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    } else if (type == H264Payload.PPS) {
      pps = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }
    frame.put(START_CODE);
    frame.put(memory, offset, length);
    return true;
  }

  private void noteType(int type) {
    hasIdr |= type == H264Payload.IDR_SLICE;
    hasSps |= type == H264Payload.SPS;
    hasPps |= type == H264Payload.PPS;
  }

  private byte[] parameterSets() {
    if (sps.length == 0 || pps.length == 0) {
      return NONE;
    }
    FrameBuffer sets = new FrameBuffer();
    sets.put(START_CODE);
    sets.put(sps);
    sets.put(START_CODE);
    sets.put(pps);
    return sets.copy();
  }

  // RFC 6184 8.1: sprop-parameter-sets=<base64>,<base64>
  private void readSpropParameterSets(String fmtp) {
    for (String parameter : fmtp.split(";")) {
      String[] pair = parameter.trim().split("=", 2);
      if (pair.length == 2 && pair[0].equalsIgnoreCase("sprop-parameter-sets")) {
        for (String set : pair[1].split(",")) {
          rememberSprop(set);
        }
      }
    }
  }

  private void rememberSprop(String base64) {
    byte[] nalUnit;
    try {
      nalUnit = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return; // a sender's mistake; the sets in the stream will do
    }
    if (nalUnit.length > 1 && (nalUnit[0] & 0x1F) == H264Payload.SPS) {
      sps = nalUnit;
    } else if (nalUnit.length > 1 && (nalUnit[0] & 0x1F) == H264Payload.PPS) {
      pps = nalUnit;
    }
  }

  private static int typeAt(MemorySegment memory, long offset) {
    return at(memory, offset) & 0x1F;
  }

  private static int at(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }
}
