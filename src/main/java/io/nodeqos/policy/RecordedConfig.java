// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.value.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the configuration annotation of a node says: which section came from which policy. The
 * annotation is anybody's to write; what cannot be read is not there.
 *
 * @param sections by name, those that name a policy
 */
public record RecordedConfig(Map<String, Section> sections) {
  private static final List<String> SECTIONS =
      List.of(
          CompiledConfig.RESERVATION,
          CompiledConfig.QUOTA,
          CompiledConfig.IMAGES,
          CompiledConfig.WARM_UP);

  /**
   * One section.
   *
   * @param policy the name of the policy that it came from
   * @param digest of what that policy said
   * @param values as they were computed for the node; empty for the section warmUp
   */
  public record Section(String policy, String digest, Optional<JsonElement> values) {}

  /**
   * @param annotation null when there is none
   */
  public static RecordedConfig of(String annotation) {
    Map<String, Section> sections = new TreeMap<>();
    Optional<JsonObject> value =
        annotation == null ? Optional.empty() : ConfigAnnotation.object(annotation);
    value.ifPresent(
        all ->
            SECTIONS.forEach(
                name -> section(all, name).ifPresent(section -> sections.put(name, section))));
    return new RecordedConfig(sections);
  }

  private static Optional<Section> section(JsonObject all, String name) {
    Optional<String> policy = text(all.get(ConfigAnnotation.SOURCES), name);
    Optional<JsonElement> values = Optional.ofNullable(all.get(name));
    if (policy.isEmpty() || (values.isEmpty() && !name.equals(CompiledConfig.WARM_UP))) {
      return Optional.empty();
    }
    // One that was written without a digest: its values tell it from others as well.
    String digest =
        text(all.get(ConfigAnnotation.DIGESTS), name)
            .orElseGet(() -> values.map(v -> Sha256.shortHex(v.toString())).orElse(""));
    return Optional.of(new Section(policy.get(), digest, values));
  }

  private static Optional<String> text(JsonElement object, String field) {
    return Optional.ofNullable(object)
        .filter(JsonElement::isJsonObject)
        .map(o -> o.getAsJsonObject().get(field))
        .filter(v -> v.isJsonPrimitive() && v.getAsJsonPrimitive().isString())
        .map(JsonElement::getAsString);
  }
}
