package dev.tapedeck.bench.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Lets many clients join or leave, a few at a time, each on a virtual thread. */
public final class Together {
  private static final int AT_ONCE = 4;

  /** What one of them does. */
  @FunctionalInterface
  public interface Step<T> {
    T of(int number) throws IOException;
  }

  private Together() {}

  /** @return results of steps 0 to {@code count - 1}, in this order
   *  @throws IOException if one failed; the others came to their end all the same */
  public static <T> List<T> each(int count, Step<T> step) throws IOException {
    return each(count, AT_ONCE, step);
  }

  /** @param limit how many steps run at the same time */
  public static <T> List<T> each(int count, int limit, Step<T> step) throws IOException {
    Semaphore atOnce = new Semaphore(limit);
    List<Future<T>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        running.add(threads.submit(() -> {
          atOnce.acquire();
          try {
            return step.of(number);
          } finally {
            atOnce.release();
          }
        }));
      }
    }
    List<T> results = new ArrayList<>();
    for (Future<T> result : running) {
      results.add(resultOf(result));
    }
    return results;
  }

  private static <T> T resultOf(Future<T> result) throws IOException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new IOException("a client failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while clients joined or left", e);
    }
  }
}
