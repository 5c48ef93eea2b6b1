package dev.tapedeck.bench.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which parts of the server did the work, from its health page.
 *
 * @param crypto   SRTP back end, {@code unknown} if the server does not say
 * @param send     way of sending, {@code unknown} if the server does not say
 * @param features parts that were on, by name
 */
public record ServerFacts(String crypto, String send, Map<String, String> features) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNKNOWN = "unknown";

  public ServerFacts {
    features = Map.copyOf(features);
  }

  public static ServerFacts parse(String healthJson) {
    JsonNode health;
    try {
      health = JSON.readTree(healthJson);
    } catch (JsonProcessingException e) {
      return new ServerFacts(UNKNOWN, UNKNOWN, Map.of());
    }
    Map<String, String> features = new TreeMap<>();
    health.path("features").properties().forEach(field -> features.put(field.getKey(), field.getValue().asText()));
    return new ServerFacts(health.path("crypto").asText(UNKNOWN), health.path("send").asText(UNKNOWN), features);
  }
}
