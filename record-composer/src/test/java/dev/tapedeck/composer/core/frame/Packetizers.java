package dev.tapedeck.composer.core.frame;

import dev.tapedeck.composer.core.media.MediaCodec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts encoded frames into RTP payloads as senders do: the opposite of what is under test, written from the RFCs. */
public final class Packetizers {
  private Packetizers() {}

  /** Payloads of one frame, the last of which carries the marker. {@code frameNumber} becomes the picture id. */
  public static List<byte[]> packetize(MediaCodec codec, byte[] frame, boolean isKeyFrame, int frameNumber,
      int maxBytes) {
    return switch (codec) {
      case OPUS -> List.of(frame);
      case VP8 -> vp8(frame, frameNumber, maxBytes);
      case VP9 -> vp9(List.of(frame), isKeyFrame, frameNumber, maxBytes);
      case H264 -> h264(frame, maxBytes);
      case AV1 -> av1(frame, isKeyFrame, maxBytes);
    };
  }

  static List<byte[]> vp8(byte[] frame, int pictureId, int maxBytes) {
    List<byte[]> payloads = new ArrayList<>();
    for (int from = 0; from < frame.length; from += maxBytes) {
      int first = from == 0 ? 0x90 : 0x80;
      payloads.add(join(bytes(first, 0x80, 0x80 | pictureId >> 8 & 0x7F, pictureId & 0xFF),
          Arrays.copyOfRange(frame, from, Math.min(frame.length, from + maxBytes))));
    }
    return payloads;
  }

  /** @param layers frames of the spatial layers, lowest first */
  static List<byte[]> vp9(List<byte[]> layers, boolean isKeyFrame, int pictureId, int maxBytes) {
    List<byte[]> payloads = new ArrayList<>();
    for (int sid = 0; sid < layers.size(); sid++) {
      byte[] frame = layers.get(sid);
      for (int from = 0; from < frame.length; from += maxBytes) {
        boolean isFirst = from == 0;
        boolean isLast = from + maxBytes >= frame.length;
        boolean hasStructure = isFirst && isKeyFrame && sid == 0 && layers.size() > 1;
        int flags = 0x80 | (isKeyFrame ? 0 : 0x40) | (layers.size() > 1 ? 0x20 : 0) | (isFirst ? 0x08 : 0)
            | (isLast ? 0x04 : 0) | (hasStructure ? 0x02 : 0);
        byte[] descriptor = bytes(flags, 0x80 | pictureId >> 8 & 0x7F, pictureId & 0xFF);
        if (layers.size() > 1) {
          descriptor = join(descriptor, bytes(sid << 1 | (sid > 0 ? 1 : 0), 0));
        }
        if (hasStructure) {
          descriptor = join(descriptor, structure(layers.size()));
        }
        payloads.add(join(descriptor, Arrays.copyOfRange(frame, from, Math.min(frame.length, from + maxBytes))));
      }
    }
    return payloads;
  }

  /** Sizes 320x180, 640x360, ... and a group of one picture that refers to the one before. */
  private static byte[] structure(int layers) {
    byte[] structure = bytes((layers - 1) << 5 | 0x18);
    for (int i = 0; i < layers; i++) {
      int width = 320 << i;
      int height = 180 << i;
      structure = join(structure, bytes(width >> 8, width & 0xFF, height >> 8, height & 0xFF));
    }
    return join(structure, bytes(1, 0x04, 1));
  }

  /** Parameter sets go into one STAP-A, what fits into single NAL units, the rest into FU-A. */
  static List<byte[]> h264(byte[] annexB, int maxBytes) {
    List<byte[]> payloads = new ArrayList<>();
    List<byte[]> parameterSets = new ArrayList<>();
    for (byte[] nalUnit : nalUnits(annexB)) {
      int type = nalUnit[0] & 0x1F;
      if (type == 7 || type == 8) {
        parameterSets.add(nalUnit);
        continue;
      }
      flushStap(parameterSets, payloads);
      payloads.addAll(nalUnit.length <= maxBytes ? List.of(nalUnit) : fragments(nalUnit, maxBytes));
    }
    flushStap(parameterSets, payloads);
    return payloads;
  }

  private static void flushStap(List<byte[]> nalUnits, List<byte[]> payloads) {
    if (nalUnits.isEmpty()) {
      return;
    }
    byte[] stap = bytes(0x78);
    for (byte[] nalUnit : nalUnits) {
      stap = join(stap, bytes(nalUnit.length >> 8, nalUnit.length & 0xFF), nalUnit);
    }
    payloads.add(stap);
    nalUnits.clear();
  }

  private static List<byte[]> fragments(byte[] nalUnit, int maxBytes) {
    List<byte[]> payloads = new ArrayList<>();
    for (int from = 1; from < nalUnit.length; from += maxBytes) {
      int to = Math.min(nalUnit.length, from + maxBytes);
      int header = nalUnit[0] & 0x1F | (from == 1 ? 0x80 : 0) | (to == nalUnit.length ? 0x40 : 0);
      payloads.add(join(bytes(nalUnit[0] & 0xE0 | 28, header), Arrays.copyOfRange(nalUnit, from, to)));
    }
    return payloads;
  }

  static List<byte[]> nalUnits(byte[] annexB) {
    List<byte[]> units = new ArrayList<>();
    int from = -1;
    for (int i = 0; i + 3 <= annexB.length; i++) {
      if (annexB[i] == 0 && annexB[i + 1] == 0 && annexB[i + 2] == 1) {
        if (from >= 0) {
          units.add(trimmed(annexB, from, i));
        }
        from = i + 3;
      }
    }
    if (from >= 0) {
      units.add(Arrays.copyOfRange(annexB, from, annexB.length));
    }
    return units;
  }

  private static byte[] trimmed(byte[] bytes, int from, int to) {
    int end = to;
    while (end > from && bytes[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOfRange(bytes, from, end);
  }

  /** Takes a temporal unit whose OBUs carry sizes; sends them without, each element with its length (W = 0). */
  static List<byte[]> av1(byte[] temporalUnit, boolean isKeyFrame, int maxBytes) {
    List<byte[]> payloads = new ArrayList<>();
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    boolean continues = false;
    boolean isFirst = true;
    for (byte[] obu : obusWithoutSize(temporalUnit)) {
      int from = 0;
      while (from < obu.length) {
        int room = maxBytes - payload.size();
        if (room < 8) {
          payloads.add(join(bytes((continues ? 0x80 : 0) | (from > 0 ? 0x40 : 0) | (isFirst && isKeyFrame ? 0x08 : 0)),
              payload.toByteArray()));
          payload.reset();
          continues = from > 0;
          isFirst = false;
          continue;
        }
        int to = Math.min(obu.length, from + room);
        payload.writeBytes(leb128(to - from));
        payload.write(obu, from, to - from);
        from = to;
      }
    }
    payloads.add(join(bytes((continues ? 0x80 : 0) | (isFirst && isKeyFrame ? 0x08 : 0)), payload.toByteArray()));
    return payloads;
  }

  static List<byte[]> obusWithoutSize(byte[] temporalUnit) {
    List<byte[]> obus = new ArrayList<>();
    int position = 0;
    while (position < temporalUnit.length) {
      int header = temporalUnit[position] & 0xFF;
      int headerBytes = (header & 4) != 0 ? 2 : 1;
      int size = 0;
      int sizeBytes = 0;
      int read;
      do {
        read = temporalUnit[position + headerBytes + sizeBytes] & 0xFF;
        size |= (read & 0x7F) << 7 * sizeBytes++;
      } while ((read & 0x80) != 0);
      byte[] head = Arrays.copyOfRange(temporalUnit, position, position + headerBytes);
      head[0] = (byte) (header & ~2);
      int from = position + headerBytes + sizeBytes;
      obus.add(join(head, Arrays.copyOfRange(temporalUnit, from, from + size)));
      position = from + size;
    }
    return obus;
  }

  static byte[] leb128(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    while (rest >= 0x80) {
      out.write(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return out.toByteArray();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
