// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fieldSelector query parameter: = and != on the few fields that a resource allows. */
public record FieldSelector(List<Requirement> requirements) {
  private static final Pattern REQUIREMENT = Pattern.compile("([^=!]+)(==|=|!=)(.*)");

  /** One comparison. */
  record Requirement(String path, boolean equal, String value) {}

  /**
   * @throws ApiException 400 when it cannot be parsed or names a field that is not selectable
   */
  public static FieldSelector parse(String text, ResourceType type) {
    List<Requirement> requirements = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      Matcher matcher = REQUIREMENT.matcher(part.trim());
      if (!matcher.matches()) {
        throw new ApiException(
            ApiStatus.badRequest(
                "invalid selector: '" + text + "'; can't understand '" + part + "'"));
      }
      String path = matcher.group(1);
      if (!path.equals("metadata.name")
          && !path.equals("metadata.namespace")
          && !type.selectableFields().contains(path)) {
        throw new ApiException(ApiStatus.badRequest("field label not supported: " + path));
      }
      requirements.add(new Requirement(path, !matcher.group(2).equals("!="), matcher.group(3)));
    }
    return new FieldSelector(requirements);
  }

  boolean matches(Map<String, String> fields) {
    return requirements.stream()
        .allMatch(
            wanted ->
                wanted.value().equals(fields.getOrDefault(wanted.path(), "")) == wanted.equal());
  }

  boolean isEmpty() {
    return requirements.isEmpty();
  }
}
