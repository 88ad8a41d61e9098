// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.spec.Section;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of the configuration annotation of a node: the policy of each section. Any writer may
 * change the annotation; an unreadable section counts as absent.
 *
 * @param sections the sections that name a policy
 */
public record RecordedConfig(Map<Section, RecordedSection> sections) {
  /**
   * One section.
   *
   * @param policy the name of its policy
   * @param digest digest of the section in that policy
   * @param values the values computed for the node; empty for a section that is no configuration
   */
  public record RecordedSection(String policy, String digest, Optional<JsonElement> values) {}

  /**
   * @param annotation null when there is none
   */
  public static RecordedConfig of(String annotation) {
    Map<Section, RecordedSection> sections = new EnumMap<>(Section.class);
    Optional<JsonObject> value =
        annotation == null ? Optional.empty() : ConfigAnnotation.object(annotation);
    value.ifPresent(
        all -> {
          for (Section section : Section.values()) {
            recorded(all, section).ifPresent(found -> sections.put(section, found));
          }
        });
    return new RecordedConfig(sections);
  }

  private static Optional<RecordedSection> recorded(JsonObject all, Section section) {
    String field = section.field();
    Optional<String> policy = text(all.get(ConfigAnnotation.SOURCES), field);
    Optional<JsonElement> values = Optional.ofNullable(all.get(field));
    if (policy.isEmpty() || (values.isEmpty() && section.isConfiguration())) {
      return Optional.empty();
    }
    // A section without a digest: its values distinguish it as well.
    String digest =
        text(all.get(ConfigAnnotation.DIGESTS), field)
            .orElseGet(() -> values.map(v -> Sha256.shortHex(v.toString())).orElse(""));
    return Optional.of(new RecordedSection(policy.get(), digest, values));
  }

  private static Optional<String> text(JsonElement object, String field) {
    return Optional.ofNullable(object)
        .filter(JsonElement::isJsonObject)
        .map(o -> o.getAsJsonObject().get(field))
        .filter(v -> v.isJsonPrimitive() && v.getAsJsonPrimitive().isString())
        .map(JsonElement::getAsString);
  }
}
