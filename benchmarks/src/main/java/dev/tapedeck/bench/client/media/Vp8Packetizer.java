package dev.tapedeck.bench.client.media;

/**
 * VP8 payloads with a 15-bit picture id (RFC 7741 §4.2).
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * +-+-+-+-+-+-+-+-+
 * |X|R|N|S|R| PID |  X = 1; S = 1 in the first packet of the frame
 * |I|L|T|K|  RSV  |  I = 1
 * |M| PictureID   |  M = 1: two octets
 * |   PictureID   |
 * </pre>
 */
public final class Vp8Packetizer implements Packetizer {
  static final int DESCRIPTOR_BYTES = 4;

  private final byte[] payload = new byte[MAX_PAYLOAD_BYTES];
  private int pictureId;

  /** @param firstPictureId 0..32767 */
  public Vp8Packetizer(int firstPictureId) {
    this.pictureId = firstPictureId;
  }

  @Override
  public void packetize(byte[] frame, PayloadSink sink) {
    int room = MAX_PAYLOAD_BYTES - DESCRIPTOR_BYTES;
    for (int offset = 0; offset < frame.length; offset += room) {
      int bytes = Math.min(room, frame.length - offset);
      payload[0] = (byte) (offset == 0 ? 0x90 : 0x80);
      payload[1] = (byte) 0x80;
      payload[2] = (byte) (0x80 | pictureId >> 8);
      payload[3] = (byte) pictureId;
      System.arraycopy(frame, offset, payload, DESCRIPTOR_BYTES, bytes);
      sink.onPayload(payload, DESCRIPTOR_BYTES + bytes, offset + bytes == frame.length);
    }
    pictureId = pictureId + 1 & 0x7fff;
  }
}
