package dev.tapedeck.proofs.lab;

import dev.tapedeck.bench.lab.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A watcher of a room's event stream, {@code GET /api/rooms/{room}/events}. */
public final class RoomEvents implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final InputStream body;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  public RoomEvents(Api api, String room) {
    try {
      HttpResponse<InputStream> answer =
          http.send(api.request("/api/rooms/" + room + "/events").GET().build(), BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new AssertionError("the stream answered " + answer.statusCode());
      }
      body = answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Thread.ofVirtual().name("room-events").start(this::read);
  }

  /** All that came so far: lines {@code event: ...} and {@code data: ...}. */
  public String text() {
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private void read() {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // The stream was closed.
    }
  }
}
