package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import dev.tapedeck.composer.core.mix.Rect;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/** Draws pictures of any size and pixel format into a rectangle of a 4:2:0 picture. Keeps the tables of the last
 *  combination of sizes, so use one per tile. Same input, same pixels, on every machine. Owned by one thread. */
final class Scaler implements AutoCloseable {
  private static final int FLAGS = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT;
  private static final int PLANES = 4;

  private final PointerPointer<BytePointer> targetPlanes = new PointerPointer<>(PLANES);
  private final IntPointer targetStrides = new IntPointer(PLANES);
  private SwsContext context;
  private Picture turning;

  /** Draws {@code source}, scaled to fill {@code area} and turned clockwise.
   *  @param degrees 0, 90, 180 or 270 */
  void draw(Picture source, int degrees, Picture target, Rect area) throws MediaException {
    if (degrees == 0) {
      draw(source.frame(), target, area);
      return;
    }
    boolean sideways = degrees % 180 != 0;
    int width = sideways ? area.height() : area.width();
    int height = sideways ? area.width() : area.height();
    if (turning == null || turning.width() != width || turning.height() != height) {
      replaceTurning(Picture.allocate(width, height));
    }
    draw(source.frame(), turning, new Rect(0, 0, width, height));
    target.drawTurned(turning, degrees, area.x(), area.y());
  }

  void draw(AVFrame source, Picture target, Rect area) throws MediaException {
    context = Libav.require(sws_getCachedContext(context, source.width(), source.height(), source.format(),
        area.width(), area.height(), AV_PIX_FMT_YUV420P, FLAGS, null, null, (DoublePointer) null),
        "scale " + source.width() + "x" + source.height() + " to " + area.width() + "x" + area.height());
    for (int plane = 0; plane < 3; plane++) {
      int shift = plane == 0 ? 0 : 1;
      int stride = target.stride(plane);
      long offset = (long) (area.y() >> shift) * stride + (area.x() >> shift);
      targetPlanes.put(plane, target.frame().data(plane).getPointer(offset));
      targetStrides.put(plane, stride);
    }
    Libav.check(sws_scale(context, source.data(), source.linesize(), 0, source.height(), targetPlanes, targetStrides),
        "scale picture");
  }

  private void replaceTurning(Picture next) {
    if (turning != null) {
      turning.close();
    }
    turning = next;
  }

  @Override
  public void close() {
    replaceTurning(null);
    sws_freeContext(context);
    targetPlanes.close();
    targetStrides.close();
  }
}
