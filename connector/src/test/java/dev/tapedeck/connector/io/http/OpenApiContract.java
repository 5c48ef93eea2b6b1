package dev.tapedeck.connector.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI document as a contract: real answers must fit it, and a later document must keep what an earlier says. */
final class OpenApiContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REQUIRED_OF_BODY = "/requestBody/content/application~1json/schema/required";

  private final JsonNode document;

  private OpenApiContract(JsonNode document) {
    this.document = document;
  }

  static OpenApiContract ofResource(String name) {
    try (InputStream in = OpenApiContract.class.getResourceAsStream(name)) {
      return new OpenApiContract(JSON.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OpenApiContract of(String document) throws IOException {
    return new OpenApiContract(JSON.readTree(document));
  }

  /** Every operation as method and path, such as {@code GET /api/recordings/{id}}. */
  Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    document.path("paths").properties().forEach(path -> path.getValue().properties()
        .forEach(operation -> operations.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return operations;
  }

  /** Fails if the document describes the operation, but not this status, or JSON of another shape. */
  void check(HttpResponse<String> answer) {
    String method = answer.request().method().toLowerCase(Locale.ROOT);
    Optional<JsonNode> operation = pathOf(answer.uri().getRawPath()).map(path -> path.path(method))
        .filter(JsonNode::isObject);
    if (operation.isEmpty()) {
      return;
    }
    JsonNode response = operation.get().path("responses").path(Integer.toString(answer.statusCode()));
    String what = method + " " + answer.uri().getRawPath() + " " + answer.statusCode();
    assertThat(response.isMissingNode()).as("%s is not described: %s", what, answer.body()).isFalse();
    if (response.has("$ref")) {
      response = document.at(response.get("$ref").textValue().substring(1));
    }
    JsonNode schema = response.path("content").path("application/json").path("schema");
    // The answer to HEAD has no body, whatever its status (RFC 9110 §9.3.2).
    if (!schema.isMissingNode() && !method.equals("head")) {
      checkSchema(schema, answer.body(), what);
    }
  }

  private void checkSchema(JsonNode schema, String body, String what) {
    ObjectNode root = schema.deepCopy();
    root.set("components", document.path("components"));
    assertThat(SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(root.toString(), InputFormat.JSON)
        .validate(body, InputFormat.JSON)).as("%s: %s", what, body).isEmpty();
  }

  /**
   * What breaks a client of this document when the server follows a later one: paths, fields, types and promised members
   * that are gone, and members that a request must have now.
   */
  List<String> brokenIn(OpenApiContract later) {
    List<String> missing = new ArrayList<>();
    document.path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> collectDemands(
        operation.getKey() + " " + path.getKey(), operation.getValue(),
        later.document.path("paths").path(path.getKey()).path(operation.getKey()), missing)));
    collectMissing("", document.path("paths"), later.document.path("paths"), missing);
    collectMissing("", document.path("components"), later.document.path("components"), missing);
    return missing;
  }

  private Optional<JsonNode> pathOf(String rawPath) {
    JsonNode literal = document.path("paths").path(rawPath);
    if (literal.isObject()) {
      return Optional.of(literal);
    }
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      if (rawPath.matches(path.getKey().replaceAll("\\{[a-z]+}", "[^/]+").replace(".", "\\."))) {
        return Optional.of(path.getValue());
      }
    }
    return Optional.empty();
  }

  private static void collectDemands(String at, JsonNode earlier, JsonNode later, List<String> broken) {
    JsonNode known = earlier.at(REQUIRED_OF_BODY);
    for (JsonNode required : later.at(REQUIRED_OF_BODY)) {
      if (!contains(known, required)) {
        broken.add(at + ": demands " + required);
      }
    }
    for (JsonNode parameter : later.path("parameters")) {
      if (parameter.path("required").asBoolean() && !contains(earlier.path("parameters"), parameter)) {
        broken.add(at + ": demands " + parameter.path("name"));
      }
    }
  }

  private static boolean contains(JsonNode array, JsonNode wanted) {
    for (JsonNode element : array) {
      if (element.equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static void collectMissing(String at, JsonNode earlier, JsonNode later, List<String> missing) {
    if (earlier.isObject()) {
      for (Map.Entry<String, JsonNode> field : earlier.properties()) {
        if (!field.getKey().equals("description") && !field.getKey().equals("summary")) {
          collectMissing(at + "/" + field.getKey(), field.getValue(), later.path(field.getKey()), missing);
        }
      }
    } else if (earlier.isArray()) {
      earlier.forEach(element -> {
        if (!contains(later, element)) {
          missing.add(at + ": " + element);
        }
      });
    } else if (!earlier.equals(later)) {
      missing.add(at + ": " + earlier);
    }
  }
}
