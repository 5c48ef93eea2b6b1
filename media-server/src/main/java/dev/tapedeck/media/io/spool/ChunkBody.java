package dev.tapedeck.media.io.spool;

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * A chunk as the body of a request, in slices of its pieces themselves. The client's own publisher copies 16 KiB at a
 * time, which costs an upload several times the CPU.
 */
final class ChunkBody implements HttpRequest.BodyPublisher {
  static final int SLICE_BYTES = 128 << 10;

  private final List<byte[]> pieces;
  private final long bytes;

  /** @param pieces not changed as long as the request runs, none of them empty */
  ChunkBody(List<byte[]> pieces) {
    this.pieces = pieces;
    bytes = pieces.stream().mapToLong(piece -> piece.length).sum();
  }

  @Override
  public long contentLength() {
    return bytes;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Slices(subscriber));
  }

  /** One reading of the body. Any thread may ask for more, also while it is being given some. */
  private final class Slices implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final Iterator<byte[]> coming = pieces.iterator();
    private long wantedSlices;
    private byte[] piece = new byte[0];
    private int position;
    private boolean delivering;
    private boolean over;

    Slices(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long slices) {
      if (slices <= 0) {
        cancel();
        subscriber.onError(new IllegalArgumentException("asked for " + slices + " slices"));
        return;
      }
      synchronized (this) {
        wantedSlices += Math.min(slices, Long.MAX_VALUE - wantedSlices);
        if (delivering) {
          return; // whoever delivers sees it
        }
        delivering = true;
      }
      while (mayDeliver()) {
        deliver();
      }
    }

    private synchronized boolean mayDeliver() {
      delivering = wantedSlices > 0 && !over;
      wantedSlices -= delivering ? 1 : 0;
      return delivering;
    }

    private void deliver() {
      if (position == piece.length && coming.hasNext()) {
        piece = coming.next();
        position = 0;
      }
      int length = Math.min(SLICE_BYTES, piece.length - position);
      int from = position;
      position += length;
      if (length > 0) {
        subscriber.onNext(ByteBuffer.wrap(piece, from, length).slice());
      }
      if (position == piece.length && !coming.hasNext()) {
        cancel();
        subscriber.onComplete();
      }
    }

    @Override
    public synchronized void cancel() {
      over = true;
    }
  }
}
