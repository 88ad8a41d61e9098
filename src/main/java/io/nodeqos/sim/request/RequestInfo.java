// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.request;

import java.util.function.Predicate;

/**
 * The target of a request, in the terms of the audit log.
 *
 * @param verb get, list, watch, create, update, patch, delete or deletecollection
 * @param group the API group, "" for core
 * @param resource the plural name, "" for a request that is about no resource (discovery, health)
 * @param subresource "" for the object itself
 * @param namespace "" for cluster scope or all namespaces
 * @param name "" for a collection; the path of a request that is about no resource
 */
public record RequestInfo(
    String verb,
    String group,
    String resource,
    String subresource,
    String namespace,
    String name,
    String userAgent) {

  /** Requests of this verb on this resource or any of its subresources. */
  public static Predicate<RequestInfo> on(String verb, String resource) {
    return info -> info.verb().equals(verb) && info.resource().equals(resource);
  }

  /** Requests that change something. */
  public static Predicate<RequestInfo> writes() {
    return RequestInfo::isWrite;
  }

  public boolean isWrite() {
    return switch (verb) {
      case "create", "update", "patch", "delete", "deletecollection" -> true;
      default -> false;
    };
  }
}
