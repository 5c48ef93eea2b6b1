package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Puts bytes to a presigned URL. Follows no redirect: a signature holds for one host. */
public final class ChunkPut implements ObjectPut {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Headers the client sets itself, from the URL and the body. */
  private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length", "connection", "expect", "upgrade");

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .followRedirects(HttpClient.Redirect.NEVER)
      .connectTimeout(CONNECT_TIMEOUT)
      .executor(executor)
      .build();

  private final Duration timeout;

  /** @param timeout for one whole request */
  public ChunkPut(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * The time-out is ours, because the client's own ends with the answer's headers, and a store may hang after them.
   *
   * @throws IOException unless the store answers 2xx in time; it may still have stored the bytes
   */
  @Override
  public void put(PresignedPut target, List<byte[]> pieces) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(target.uri()).PUT(new ChunkBody(pieces));
    for (Map.Entry<String, String> header : target.headers().entrySet()) {
      if (!SET_BY_CLIENT.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        request.setHeader(header.getKey(), header.getValue());
      }
    }
    int status = send(request.build());
    if (status < 200 || status > 299) {
      throw new IOException(status + " from store");
    }
  }

  @Override
  public void put(PresignedPut target, byte[] body) throws IOException, InterruptedException {
    put(target, List.of(body));
  }

  private int send(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS).statusCode();
    } catch (ExecutionException e) {
      String message = e.getCause().getMessage();
      throw new IOException("no answer from store: " + e.getCause().getClass().getSimpleName()
          + (message == null ? "" : ": " + message), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no answer from store within " + timeout.toSeconds() + " s", e);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }
}
