// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.qos.WorkerRegistry.Planned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The annotation that is written against the schema that is published. */
class ConfigSchemaTest {
  private static final Path FILE = Path.of("manifests", "config.schema.json");
  private static final int POLICIES = 2_000;

  private final Schema schema;

  ConfigSchemaTest() throws IOException {
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(FILE), InputFormat.JSON);
  }

  @Test
  void annotationOfAnyPoliciesMatchesThePublishedSchema() throws IOException {
    MoodyWorker plugin =
        new MoodyWorker("slices")
            .plans(
                input ->
                    new Contribution(
                        Map.of("slices", Map.of("of", List.of("a", 1, true))),
                        Map.of(),
                        Optional.empty()));
    WorkerRegistry workers =
        WorkerRegistry.of(
            List.of(new ReservationWorker(), new ZumWorker(), new ImageWorker()),
            List.of(
                new Plugins.Candidate(
                    "slices", ConfigSchemaTest.class.getClassLoader(), () -> plugin)),
            PluginSettings.DEFAULTS,
            WorkerObserver.NONE);
    workers.start();
    Random random = new Random(20260101);
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < POLICIES; i++) {
      String annotation = annotation(workers, spec(random), node(random), random);
      assertEquals(List.of(), errors(annotation), annotation);
      keys("", JsonParser.parseString(annotation).getAsJsonObject(), seen);
    }
    workers.stop();

    seen.removeIf(key -> key.startsWith("slices") || key.equals("digests.slices"));
    assertEquals(described(), seen, "every key is described, and the policies had all of them");
  }

  private static String annotation(
      WorkerRegistry workers, JsonObject spec, NodeView node, Random random) {
    PolicyCatalog catalog = catalog(policy("p", spec.toString()));
    assertEquals(
        List.of(), catalog.entry("p").orElseThrow().problems(), () -> "the test's own " + spec);
    CompiledConfig config = catalog.snapshot().compile(node);
    Planned planned =
        workers.plan(
            new WorkerInput(
                node,
                ReservedFixture.kubeSystem(
                    List.of(
                        ReservedFixture.pod(
                            "a",
                            true,
                            "Running",
                            false,
                            new Resources(random.nextInt(9999), random.nextLong(1L << 40), 7))),
                    List.of()),
                config,
                Optional.empty(),
                Resources.NONE));
    assertTrue(planned.failed().isEmpty() && planned.retained().isEmpty());
    CompiledConfig written =
        random.nextBoolean()
            ? config
            : config.following(
                new CompiledConfig.Revisions(
                    Map.of(
                        "p", catalog.entry("p").orElseThrow().inForce().orElseThrow().revision()),
                    Set.of()));
    return ConfigAnnotation.write(written, planned.config());
  }

  private static NodeView node(Random random) {
    return NodeFixture.node("n")
        .resource("cpu", random.nextInt(256_000) + "m")
        .resource("memory", random.nextLong(1L << 44) + "")
        .allocatable("cpu", random.nextInt(256_000) + "m")
        .build();
  }

  private static JsonObject spec(Random random) {
    JsonObject spec = new JsonObject();
    if (random.nextBoolean()) {
      JsonObject reservation = new JsonObject();
      for (String resource : List.of("cpu", "memory", "ephemeralStorage")) {
        amount(random, reservation, resource);
      }
      reservation.addProperty("countReservedPods", random.nextBoolean());
      spec.add("reservation", reservation);
    }
    if (random.nextBoolean()) {
      JsonArray images = new JsonArray();
      IntStream.range(0, random.nextInt(65))
          .forEach(
              i -> {
                JsonObject image = new JsonObject();
                image.addProperty("ref", "example.com/i" + i + ":" + random.nextInt(9));
                images.add(image);
              });
      spec.add("images", images);
    }
    if (random.nextBoolean()) {
      spec.add("warmUp", JsonParser.parseString("{\"nodeReady\":{}}"));
    }
    JsonArray classes = new JsonArray();
    IntStream.range(0, random.nextInt(17)).forEach(i -> classes.add(qosClass(random, i)));
    JsonObject quota = new JsonObject();
    quota.add("classes", classes);
    spec.add("quota", quota);
    return spec;
  }

  private static JsonObject qosClass(Random random, int number) {
    JsonObject qosClass = new JsonObject();
    qosClass.addProperty("name", ("c" + number + "-").repeat(9) + "z");
    JsonObject cpu = new JsonObject();
    weight(random, cpu);
    amount(random, cpu, "max");
    JsonObject memory = new JsonObject();
    for (String limit : List.of("min", "high", "max")) {
      amount(random, memory, limit);
    }
    JsonObject io = new JsonObject();
    weight(random, io);
    JsonObject advertise = new JsonObject();
    amount(random, advertise, "cpu");
    amount(random, advertise, "memory");
    qosClass.add("cpu", cpu);
    qosClass.add("memory", memory);
    qosClass.add("io", io);
    qosClass.add("advertise", advertise);
    return qosClass;
  }

  private static void weight(Random random, JsonObject object) {
    if (random.nextBoolean()) {
      object.addProperty("weight", 1 + random.nextInt(10_000));
    }
  }

  private static void amount(Random random, JsonObject object, String field) {
    switch (random.nextInt(6)) {
      case 0 -> object.addProperty(field, random.nextInt(101) + "%");
      case 1 -> object.addProperty(field, random.nextInt(100) + "." + random.nextInt(99) + "%");
      case 2 -> object.addProperty(field, random.nextInt(9999) + "m");
      case 3 -> object.addProperty(field, "9E");
      case 4 -> object.addProperty(field, random.nextInt(99) + "Gi");
      default -> {
        // Not set.
      }
    }
  }

  /** Paths of all keys, list elements as one. */
  private static void keys(String path, JsonObject object, Set<String> keys) {
    object
        .asMap()
        .forEach(
            (key, value) -> {
              keys.add(path + key);
              if (value.isJsonObject()) {
                keys(path + key + ".", value.getAsJsonObject(), keys);
              } else if (value.isJsonArray()) {
                value.getAsJsonArray().asList().stream()
                    .filter(element -> element.isJsonObject())
                    .forEach(element -> keys(path + key + ".", element.getAsJsonObject(), keys));
              }
            });
  }

  private static Set<String> described() throws IOException {
    Set<String> keys = new TreeSet<>();
    described("", JsonParser.parseString(Files.readString(FILE)).getAsJsonObject(), keys);
    for (String section : List.of("reservation", "quota", "images", "warmUp")) {
      keys.add("sources." + section);
    }
    keys.add("revisions.p");
    return keys;
  }

  private static void described(String path, JsonObject schema, Set<String> keys) {
    if (schema.has("items")) {
      described(path, schema.getAsJsonObject("items"), keys);
    }
    if (schema.has("properties")) {
      schema
          .getAsJsonObject("properties")
          .asMap()
          .forEach(
              (key, value) -> {
                keys.add(path + key);
                described(path + key + ".", value.getAsJsonObject(), keys);
              });
    }
  }

  @Test
  void builtInSectionsAreTheDescribedOnes() throws IOException {
    JsonObject file = JsonParser.parseString(Files.readString(FILE)).getAsJsonObject();
    Set<String> described = new HashSet<>(file.getAsJsonObject("properties").keySet());
    described.add(Section.WARM_UP.field());
    assertEquals(ConfigAnnotation.BUILT_IN, described);
    assertTrue(
        file.get("description").getAsString().contains(Keys.CONFIG_MAX_BYTES / 1024 + " KiB"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'version': '0123456789'}",
        "{'version': 'x123456789', 'sources': {}}",
        "{'version': '0123456789', 'sources': {'other': 'p'}}",
        "{'version': '0123456789', 'sources': {}, 'a b': 1}",
        "{'version': '0123456789', 'sources': {}, 'warmUp': {}}",
        "{'version': '0123456789', 'sources': {}, 'reservation': {'cpu': '1'}}",
        "{'version': '0123456789', 'sources': {}, 'quota': {'classes': [{'name': '../a'}]}}",
        "{'version': '0123456789', 'sources': {}, 'quota': {'classes': [{'name': 'a', 'x': 1}]}}",
        "{'version': '0123456789', 'sources': {}, 'quota': {'classes': [{'name': 'a', 'cpu': {'max': '100 5'}}]}}",
        "{'version': '0123456789', 'sources': {}, 'quota': {'classes': [{'name': 'a', 'memory': {'max': -1}}]}}",
        "{'version': '0123456789', 'sources': {}, 'quota': {'classes': [{'name': 'a', 'io': {'weight': 0}}]}}",
      })
  void schemaRejectsOtherValues(String annotation) {
    assertFalse(errors(annotation.replace('\'', '"')).isEmpty(), annotation);
  }

  private List<Error> errors(String annotation) {
    return schema.validate(annotation, InputFormat.JSON);
  }
}
