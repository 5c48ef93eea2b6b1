package dev.tapedeck.protocol.js;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.tapedeck.protocol.wire.gateway.ConnectRequest;
import dev.tapedeck.protocol.wire.gateway.ConnectResponse;
import dev.tapedeck.protocol.wire.session.ClientEvent;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** the client module {@code protocol/js} says what the .proto files say, and is whole as a package. */
class ClientModuleTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Descriptor> SPOKEN = List.of(ConnectRequest.getDescriptor(),
      ConnectResponse.getDescriptor(), ClientEvent.getDescriptor(), ServerEvent.getDescriptor());
  private static final int MESSAGES = 2_000;
  private static final long SEED = 25;

  /** A field that is added to the .proto files is to be added to {@code protocol/js/lib/messages.js} too. */
  @Test
  void itsTableIsWhatTheProtoFilesSay() throws Exception {
    JsonNode table = JSON.readTree(NodeScript.run("", List.of("node", "check/table.mjs")));
    Map<String, Descriptor> messages = reachable();
    Map<String, EnumDescriptor> enums = new TreeMap<>();
    messages.values().stream().flatMap(message -> message.getFields().stream())
        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.ENUM)
        .forEach(field -> enums.put(field.getEnumType().getFullName(), field.getEnumType()));

    assertThat(said(table.get("messages"))).isEqualTo(messages.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> meant(each.getValue()))));
    assertThat(table.get("enums")).isEqualTo(JSON.valueToTree(enums.entrySet().stream().collect(Collectors.toMap(
        Map.Entry::getKey, each -> each.getValue().getValues().stream().map(EnumValueDescriptor::getName).toList()))));
  }

  @Test
  void whatItDecodesAndEncodesAgainIsTheSame() throws Exception {
    System.out.println("client module: " + MESSAGES + " messages, seed " + SEED);
    Random random = new Random(SEED);
    List<DynamicMessage> messages = Stream.generate(() -> message(SPOKEN.get(random.nextInt(SPOKEN.size())), random))
        .limit(MESSAGES).toList();
    String input = messages.stream()
        .map(message -> message.getDescriptorForType().getFullName() + " "
            + HexFormat.of().formatHex(message.toByteArray()) + "\n")
        .collect(Collectors.joining());
    List<String> recoded = NodeScript.run(input, List.of("node", "check/recode.mjs")).lines().toList();

    List<DynamicMessage> read = new ArrayList<>();
    for (int i = 0; i < recoded.size(); i++) {
      read.add(DynamicMessage.parseFrom(
          messages.get(i).getDescriptorForType(), HexFormat.of().parseHex(recoded.get(i))));
    }
    assertThat(read).isEqualTo(messages);
  }

  /** Its own tests, in Node.js. */
  @Test
  void itsUnitTestsPass() throws Exception {
    List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=tap"));
    try (Stream<Path> files = Files.list(NodeScript.MODULE.resolve("test"))) {
      files.map(file -> "test/" + file.getFileName()).filter(name -> name.endsWith(".test.mjs")).sorted()
          .forEach(command::add);
    }
    assertThat(NodeScript.run("", command)).contains("# fail 0").doesNotContain("# tests 0\n");
  }

  @Test
  void itsPackageHoldsTheModuleAndItsTypes() throws IOException, InterruptedException {
    JsonNode pack = JSON.readTree(NodeScript.run("", List.of("npm", "pack", "--dry-run", "--json"))).get(0);
    List<String> files = pack.get("files").findValuesAsText("path");
    assertThat(files).contains("package.json", "README.md", "tapedeck.js", "tapedeck.d.ts", "lib/meeting.js")
        .noneMatch(name -> name.endsWith(".mjs"));
    try (Stream<Path> parts = Files.list(NodeScript.MODULE.resolve("lib"))) {
      assertThat(files).containsAll(parts.map(part -> "lib/" + part.getFileName()).toList());
    }
  }

  /** All messages that are spoken, by full name. */
  private static Map<String, Descriptor> reachable() {
    Map<String, Descriptor> found = new TreeMap<>();
    SPOKEN.forEach(message -> reach(message, found));
    return found;
  }

  private static void reach(Descriptor message, Map<String, Descriptor> found) {
    if (found.put(message.getFullName(), message) == null) {
      message.getFields().stream().filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
          .forEach(field -> reach(field.getMessageType(), found));
    }
  }

  private static Map<String, Map<String, String>> said(JsonNode messages) {
    Map<String, Map<String, String>> all = new TreeMap<>();
    messages.properties().forEach(message -> {
      Map<String, String> fields = new TreeMap<>();
      message.getValue().properties().forEach(field -> fields.put(field.getKey(), said(field.getValue(), "number")
          + " " + field.getValue().get("type").textValue() + said(field.getValue(), "isRepeated")
          + said(field.getValue(), "hasDefault")));
      all.put(message.getKey(), fields);
    });
    return all;
  }

  private static String said(JsonNode field, String member) {
    return " " + member + " " + field.get(member);
  }

  private static Map<String, String> meant(Descriptor message) {
    return message.getFields().stream().collect(Collectors.toMap(FieldDescriptor::getJsonName, field ->
        " number " + field.getNumber() + " " + type(field) + " isRepeated " + field.isRepeated()
            + " hasDefault " + !(field.hasPresence() || field.isRepeated())));
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static DynamicMessage message(Descriptor type, Random random) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      if (field.getRealContainingOneof() == null && random.nextInt(4) > 0) {
        set(message, field, random);
      }
    }
    for (OneofDescriptor oneOf : type.getRealOneofs()) {
      set(message, oneOf.getField(random.nextInt(oneOf.getFieldCount())), random);
    }
    return message.build();
  }

  private static void set(DynamicMessage.Builder message, FieldDescriptor field, Random random) {
    if (!field.isRepeated()) {
      message.setField(field, value(field, random));
      return;
    }
    for (int count = random.nextInt(3); count > 0; count--) {
      message.addRepeatedField(field, value(field, random));
    }
  }

  private static Object value(FieldDescriptor field, Random random) {
    return switch (field.getJavaType()) {
      case MESSAGE -> message(field.getMessageType(), random);
      case ENUM -> field.getEnumType().getValues().get(random.nextInt(field.getEnumType().getValues().size()));
      case STRING -> random.ints(random.nextInt(200), ' ', 0xd7ff)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
      case BYTE_STRING -> bytes(random);
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextBoolean() ? random.nextInt() : random.nextInt(200);
      case LONG -> random.nextLong(1L << 53);
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
    };
  }

  private static ByteString bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
