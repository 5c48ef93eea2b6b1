package dev.tapedeck.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A backend of one app, with the app's secret. */
public final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int EVENTS_AT_ONCE = 1000;

  private final HttpClient http;
  private final Supplier<URI> origin;
  private final String secret;

  /** @param origin asked at each request, because a restarted server has a new port */
  Api(HttpClient http, Supplier<URI> origin, String secret) {
    this.http = http;
    this.origin = origin;
    this.secret = secret;
  }

  /** An answer, whatever its status. */
  public record Answer(int status, String body) {
    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException("no JSON: " + body, e);
      }
    }
  }

  public Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer post(String path, String json) {
    return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
  }

  public Answer send(String method, String path, BodyPublisher body) {
    return send(request(path).method(method, body));
  }

  /** With the app's bearer, for what needs more than a body. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(origin.get().resolve(path)).timeout(TIMEOUT)
        .header("Authorization", "Bearer " + secret);
  }

  /** The JSON of an answer that must be 200. */
  public JsonNode json(String path) {
    Answer answer = get(path);
    if (answer.status() != 200) {
      throw new AssertionError("GET " + path + " answered " + answer.status() + ": " + answer.body());
    }
    return answer.json();
  }

  /** The app's recordings of a room, newest first. */
  public List<JsonNode> recordings(String room) {
    return list(json("/api/recordings?room=" + room).get("recordings"));
  }

  /** Everything in the app's feed, the oldest first: {@code id}, {@code kind}, {@code createdAt}, {@code event}. */
  public List<JsonNode> events() {
    List<JsonNode> all = new ArrayList<>();
    long after = 0;
    while (true) {
      JsonNode page = json("/api/events?after=" + after + "&limit=" + EVENTS_AT_ONCE);
      all.addAll(list(page.get("events")));
      if (page.get("events").size() < EVENTS_AT_ONCE) {
        return all;
      }
      after = page.get("next").longValue();
    }
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(elements::add);
    return elements;
  }
}
