// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.ConfigAnnotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Checks the contribution of a plug-in worker. A refusal is a clause that gives the reason. */
final class PluginRules {
  private static final Pattern SECTION = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,62}");

  /** The part after the prefix (a Kubernetes qualified name). */
  private static final Pattern RESOURCE =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])");

  private static final int MAX_DEPTH = 16;

  private PluginRules() {}

  /**
   * A copy of the contribution, with sorted keys, that its worker cannot change any more.
   *
   * @throws PluginProblem when it is not allowed
   */
  static Contribution checked(Contribution contribution) {
    if (contribution.reservation().isPresent()) {
      throw new PluginProblem(
          "it must not set the reservation, which belongs to a built-in worker");
    }
    Map<String, Object> config = new TreeMap<>();
    contribution
        .config()
        .forEach((name, value) -> config.put(section(name), copy(value, "section " + name, 1)));
    contribution.extendedResources().forEach(PluginRules::resource);
    return new Contribution(config, contribution.extendedResources(), contribution.reservation());
  }

  private static String section(String name) {
    if (ConfigAnnotation.BUILT_IN.contains(name)) {
      throw new PluginProblem("it must not write the section " + name + ", which is built in");
    }
    if (!SECTION.matcher(name).matches()) {
      throw new PluginProblem(
          "section \""
              + name
              + "\" is not allowed; allowed are a letter and at most 62 letters, digits and dashes");
    }
    return name;
  }

  private static void resource(String name, Quantity amount) {
    if (!Keys.isOwnResource(name)
        || !RESOURCE.matcher(name.substring(Keys.PREFIX.length())).matches()) {
      throw new PluginProblem(
          "resource \""
              + name
              + "\" is not allowed; allowed are "
              + Keys.cpuResource("NAME")
              + " and "
              + Keys.memoryResource("NAME"));
    }
    if (amount.isNegative() || !amount.equals(Quantity.of(amount.floor()))) {
      throw new PluginProblem(
          "resource " + name + " is " + amount + "; allowed is a whole number, zero or more");
    }
  }

  private static Object copy(Object value, String where, int depth) {
    if (depth > MAX_DEPTH) {
      throw new PluginProblem(where + " is nested more than " + MAX_DEPTH + " levels deep");
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new TreeMap<>();
      map.forEach(
          (key, element) -> {
            if (!(key instanceof String name)) {
              throw new PluginProblem(where + " has a key that is not a string");
            }
            copy.put(name, copy(element, where + "." + name, depth + 1));
          });
      return copy;
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(element -> copy.add(copy(element, where + "[]", depth + 1)));
      return copy;
    }
    if (value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long) {
      return value;
    }
    throw new PluginProblem(
        where
            + " has a value that is not allowed; allowed are maps, lists, strings, whole numbers,"
            + " true and false");
  }
}
