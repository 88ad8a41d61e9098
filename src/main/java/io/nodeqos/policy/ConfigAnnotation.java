// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.spec.Section;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The value of the annotation {@code nodeqos.io/config}: compact JSON with sorted keys, described
 * by {@code manifests/config.schema.json}.
 */
public final class ConfigAnnotation {
  private static final String VERSION = "version";
  static final String SOURCES = "sources";
  static final String DIGESTS = "digests";
  static final String REVISIONS = "revisions";

  /** Built-in sections: no plug-in may write them. */
  public static final Set<String> BUILT_IN =
      Stream.concat(
              Stream.of(VERSION, SOURCES, DIGESTS, REVISIONS),
              Stream.of(Section.values()).map(Section::field))
          .collect(Collectors.toUnmodifiableSet());

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private ConfigAnnotation() {}

  /**
   * Writes the value.
   *
   * @param fragments section to its values computed for the node: maps, lists, strings, whole
   *     numbers, and values of {@link #pluginSections}
   */
  public static String write(CompiledConfig config, Map<String, Object> fragments) {
    Map<String, Object> value = new TreeMap<>(fragments);
    config
        .recorded()
        .retained()
        .forEach((section, retained) -> value.put(section.field(), retained));
    if (config.hasConfig()) {
      value.put(VERSION, config.version());
      value.put(DIGESTS, new TreeMap<>(config.recorded().digests()));
    }
    value.put(SOURCES, config.sourcesByField());
    if (!config.revisions().recorded().isEmpty()) {
      value.put(REVISIONS, new TreeMap<>(config.revisions().recorded()));
    }
    return GSON.toJson(value);
  }

  /** The reservation in a value; empty when it has none or cannot be read. */
  public static Optional<Resources> reservation(String value) {
    return object(value)
        .map(o -> o.get(Section.RESERVATION.field()))
        .filter(JsonElement::isJsonObject)
        .map(JsonElement::getAsJsonObject)
        .flatMap(
            r -> {
              try {
                return Optional.of(
                    new Resources(
                        quantity(r, "cpu").milliFloor(),
                        quantity(r, "memory").floor(),
                        quantity(r, "ephemeralStorage").floor()));
              } catch (IllegalArgumentException
                  | UnsupportedOperationException
                  | IllegalStateException notOurs) {
                return Optional.empty();
              }
            });
  }

  /**
   * Policy to revision, as recorded in a value; none when it cannot be read.
   *
   * @param value null when there is none
   */
  public static Map<String, String> revisions(String value) {
    // Most nodes record none: they are not parsed.
    if (value == null || !value.contains('"' + REVISIONS + '"')) {
      return Map.of();
    }
    Map<String, String> revisions = new TreeMap<>();
    object(value)
        .map(o -> o.get(REVISIONS))
        .filter(JsonElement::isJsonObject)
        .ifPresent(
            all ->
                all.getAsJsonObject().asMap().entrySet().stream()
                    .filter(e -> e.getValue().isJsonPrimitive())
                    .forEach(e -> revisions.put(e.getKey(), e.getValue().getAsString())));
    return revisions;
  }

  /** Names of the policies of a value; empty when it cannot be read. */
  public static Set<String> sources(String value) {
    Set<String> names = new HashSet<>();
    object(value)
        .map(o -> o.get(SOURCES))
        .filter(JsonElement::isJsonObject)
        .ifPresent(
            sources ->
                sources.getAsJsonObject().asMap().values().stream()
                    .filter(JsonElement::isJsonPrimitive)
                    .forEach(name -> names.add(name.getAsString())));
    return names;
  }

  /**
   * The extended resources that the quota classes in a value may have; none when it cannot be read.
   *
   * @param value null when there is none
   */
  public static Set<String> quotaResources(String value) {
    Set<String> names = new HashSet<>();
    Optional.ofNullable(value)
        .flatMap(ConfigAnnotation::object)
        .map(o -> o.get(Section.QUOTA.field()))
        .filter(JsonElement::isJsonObject)
        .map(quota -> quota.getAsJsonObject().get("classes"))
        .filter(JsonElement::isJsonArray)
        .ifPresent(
            classes ->
                classes.getAsJsonArray().asList().stream()
                    .filter(JsonElement::isJsonObject)
                    .map(c -> c.getAsJsonObject().get("name"))
                    .filter(name -> name != null && name.isJsonPrimitive())
                    .map(JsonElement::getAsString)
                    .forEach(
                        name -> {
                          names.add(Keys.cpuResource(name));
                          names.add(Keys.memoryResource(name));
                        }));
    return names;
  }

  /** The sections of plug-ins in a value, unchanged; none when it cannot be read. */
  public static Map<String, Object> pluginSections(String value) {
    Map<String, Object> sections = new TreeMap<>();
    object(value).ifPresent(o -> sections.putAll(o.asMap()));
    sections.keySet().removeAll(BUILT_IN);
    return sections;
  }

  /** Section to digest, for the plug-in sections among these. */
  public static Map<String, String> pluginDigests(Map<String, Object> sections) {
    Map<String, String> digests = new TreeMap<>();
    sections.forEach(
        (name, value) -> {
          if (!BUILT_IN.contains(name)) {
            digests.put(name, Sha256.shortHex(GSON.toJson(value)));
          }
        });
    return digests;
  }

  private static Quantity quantity(JsonObject reservation, String field) {
    return reservation.has(field)
        ? Quantity.parse(reservation.get(field).getAsString())
        : Quantity.of(0);
  }

  static Optional<JsonObject> object(String value) {
    try {
      JsonElement parsed = JsonParser.parseString(value);
      return parsed.isJsonObject() ? Optional.of(parsed.getAsJsonObject()) : Optional.empty();
    } catch (JsonParseException somebodyElseWroteIt) {
      return Optional.empty();
    }
  }
}
