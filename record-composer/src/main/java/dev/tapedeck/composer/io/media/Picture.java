package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import dev.tapedeck.composer.core.mix.Rect;
import dev.tapedeck.composer.core.mix.Yuv;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** One raw picture, 4:2:0 with 8 bits, in native memory: three planes, the chroma ones half as wide and high.
 *  Owned by one thread; a picture handed out by a decoder belongs to the decoder. */
public final class Picture implements AutoCloseable {
  private static final int PLANES = 3;

  private final AVFrame frame;
  private final MemorySegment[] planes = new MemorySegment[PLANES];
  private long ptsNanos;

  /** A picture of undefined content.
   *  @param width  pixels, even
   *  @param height pixels, even */
  public static Picture allocate(int width, int height) throws MediaException {
    AVFrame frame = Libav.require(av_frame_alloc(), "allocate picture");
    frame.format(AV_PIX_FMT_YUV420P).width(width).height(height);
    Picture picture = new Picture(frame);
    try {
      Libav.check(av_frame_get_buffer(frame, 0), "allocate picture of " + width + "x" + height);
    } catch (MediaException e) {
      picture.close();
      throw e;
    }
    picture.mapPlanes();
    return picture;
  }

  /** Takes over {@code frame}, which may still be empty. */
  Picture(AVFrame frame) {
    this.frame = frame;
  }

  AVFrame frame() {
    return frame;
  }

  /** Finds the planes anew after libav put other memory behind the frame. */
  void mapPlanes() {
    for (int plane = 0; plane < PLANES; plane++) {
      long bytes = (long) stride(plane) * planeHeight(plane);
      planes[plane] = MemorySegment.ofAddress(frame.data(plane).address()).reinterpret(bytes);
    }
  }

  /** Makes sure that no encoder still reads what is about to be drawn over. */
  void makeWritable() throws MediaException {
    Libav.check(av_frame_make_writable(frame), "make picture writable");
    mapPlanes();
  }

  void setPtsNanos(long ptsNanos) {
    this.ptsNanos = ptsNanos;
  }

  /** Presentation time of a decoded picture. */
  public long ptsNanos() {
    return ptsNanos;
  }

  public int width() {
    return frame.width();
  }

  public int height() {
    return frame.height();
  }

  /** Brightness of one pixel, 0..255. */
  public int luma(int x, int y) {
    return sample(0, x, y);
  }

  /** Colour of one pixel. */
  public Yuv pixel(int x, int y) {
    return new Yuv(sample(0, x, y), sample(1, x / 2, y / 2), sample(2, x / 2, y / 2));
  }

  public void fill(Rect area, Yuv colour) {
    fillPlane(0, area.x(), area.y(), area.width(), area.height(), colour.y());
    fillPlane(1, area.x() / 2, area.y() / 2, area.width() / 2, area.height() / 2, colour.u());
    fillPlane(2, area.x() / 2, area.y() / 2, area.width() / 2, area.height() / 2, colour.v());
  }

  /** Draws {@code source}, turned clockwise, so that its top left corner falls on (x, y).
   *  @param degrees 0, 90, 180 or 270 */
  void drawTurned(Picture source, int degrees, int x, int y) {
    for (int plane = 0; plane < PLANES; plane++) {
      int shift = plane == 0 ? 0 : 1;
      turnPlane(source, plane, degrees, x >> shift, y >> shift);
    }
  }

  /** The three planes one after the other, without padding, as y4m wants them. */
  public byte[] toBytes() {
    byte[] bytes = new byte[width() * height() + 2 * (planeWidth(1) * planeHeight(1))];
    int at = 0;
    for (int plane = 0; plane < PLANES; plane++) {
      for (int row = 0; row < planeHeight(plane); row++) {
        MemorySegment.copy(planes[plane], ValueLayout.JAVA_BYTE, (long) row * stride(plane), bytes, at,
            planeWidth(plane));
        at += planeWidth(plane);
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    av_frame_free(frame);
  }

  int stride(int plane) {
    return frame.linesize(plane);
  }

  private int planeWidth(int plane) {
    return plane == 0 ? width() : (width() + 1) / 2;
  }

  private int planeHeight(int plane) {
    return plane == 0 ? height() : (height() + 1) / 2;
  }

  private int sample(int plane, int x, int y) {
    return planes[plane].get(ValueLayout.JAVA_BYTE, (long) y * stride(plane) + x) & 0xFF;
  }

  private void fillPlane(int plane, int x, int y, int width, int height, int value) {
    for (int row = y; row < y + height; row++) {
      planes[plane].asSlice((long) row * stride(plane) + x, width).fill((byte) value);
    }
  }

  private void turnPlane(Picture source, int plane, int degrees, int x, int y) {
    int sourceWidth = source.planeWidth(plane);
    int sourceHeight = source.planeHeight(plane);
    boolean sideways = degrees % 180 != 0;
    int width = sideways ? sourceHeight : sourceWidth;
    int height = sideways ? sourceWidth : sourceHeight;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int sample = switch (degrees) {
          case 90 -> source.sample(plane, row, sourceHeight - 1 - column);
          case 180 -> source.sample(plane, sourceWidth - 1 - column, sourceHeight - 1 - row);
          case 270 -> source.sample(plane, sourceWidth - 1 - row, column);
          default -> source.sample(plane, column, row);
        };
        planes[plane].set(ValueLayout.JAVA_BYTE, (long) (y + row) * stride(plane) + x + column, (byte) sample);
      }
    }
  }
}
