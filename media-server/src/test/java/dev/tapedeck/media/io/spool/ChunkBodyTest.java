package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Flow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkBodyTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, ChunkBody.SLICE_BYTES - 1, ChunkBody.SLICE_BYTES, ChunkBody.SLICE_BYTES + 1,
      3 * ChunkBody.SLICE_BYTES + 17})
  void givesEveryByteOnceHoweverItIsAsked(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    ChunkBody body = new ChunkBody(List.of(bytes));

    assertThat(body.contentLength()).isEqualTo(length);
    for (long atOnce : new long[] {1, 2, Long.MAX_VALUE}) {
      Reader reader = new Reader(atOnce);
      body.subscribe(reader); // a second time as well, as the client does when it tries again

      assertThat(reader.bytes.toByteArray()).isEqualTo(bytes);
      assertThat(reader.ends).isEqualTo(1);
      assertThat(reader.failure).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, Long.MAX_VALUE})
  void givesPiecesOneBehindTheOther(long atOnce) {
    List<byte[]> pieces = new ArrayList<>();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int length : new int[] {1, ChunkBody.SLICE_BYTES, 17, ChunkBody.SLICE_BYTES + 1}) {
      byte[] piece = new byte[length];
      new Random(length).nextBytes(piece);
      pieces.add(piece);
      whole.writeBytes(piece);
    }
    ChunkBody body = new ChunkBody(pieces);
    Reader reader = new Reader(atOnce);
    body.subscribe(reader);

    assertThat(body.contentLength()).isEqualTo(whole.size());
    assertThat(reader.bytes.toByteArray()).isEqualTo(whole.toByteArray());
    assertThat(reader.ends).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void refusesADemandThatIsNone(long slices) {
    Reader reader = new Reader(slices);
    new ChunkBody(List.of(new byte[10])).subscribe(reader);

    assertThat(reader.failure).isInstanceOf(IllegalArgumentException.class);
    assertThat(reader.bytes.size()).isZero();
    assertThat(reader.ends).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void stopsWhenItIsCancelled(int afterSlices) {
    Reader reader = new Reader(Long.MAX_VALUE);
    reader.cancelAfter = afterSlices;
    new ChunkBody(List.of(new byte[4 * ChunkBody.SLICE_BYTES])).subscribe(reader);

    assertThat(reader.bytes.size()).isEqualTo(afterSlices * ChunkBody.SLICE_BYTES);
    assertThat(reader.ends).isZero();
  }

  /** Asks anew from within each delivery. */
  private static final class Reader implements Flow.Subscriber<ByteBuffer> {
    private final long atOnce;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.Subscription subscription;
    private Throwable failure;
    private int ends;
    private int slices;
    private int cancelAfter = Integer.MAX_VALUE;

    Reader(long atOnce) {
      this.atOnce = atOnce;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(atOnce);
    }

    @Override
    public void onNext(ByteBuffer slice) {
      byte[] copy = new byte[slice.remaining()];
      slice.get(copy);
      bytes.writeBytes(copy);
      if (++slices >= cancelAfter) {
        subscription.cancel();
      } else {
        subscription.request(atOnce);
      }
    }

    @Override
    public void onError(Throwable cause) {
      failure = cause;
    }

    @Override
    public void onComplete() {
      ends++;
    }
  }
}
