// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The work behind {@link RealApi}. */
final class RealApiExtension implements ExecutionCondition, ParameterResolver {

  /** Of one start: the control plane, or why there is none, so that it is not tried again. */
  private record Start(ControlPlane plane, Throwable failure) implements AutoCloseable {
    static Start of(Programs.Found programs) {
      try {
        return new Start(ControlPlane.start(programs.folder(), List.of()), null);
      } catch (RuntimeException | AssertionError e) {
        return new Start(null, e);
      }
    }

    @Override
    public void close() {
      if (plane != null) {
        plane.close();
      }
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (programs(context) instanceof Programs.Missing missing) {
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(missing.reason());
      }
      return ConditionEvaluationResult.disabled(missing.reason());
    }
    return ConditionEvaluationResult.enabled("there is a control plane");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ControlPlane.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Programs.Found programs = (Programs.Found) programs(context);
    Start start =
        store(context).getOrComputeIfAbsent(Start.class, key -> Start.of(programs), Start.class);
    if (start.failure() != null) {
      throw new IllegalStateException("the control plane did not start", start.failure());
    }
    return start.plane();
  }

  private static Programs programs(ExtensionContext context) {
    return store(context)
        .getOrComputeIfAbsent(Programs.class, key -> Programs.find(), Programs.class);
  }

  /** That of the whole run: it closes what it holds at the run's end. */
  private static Store store(ExtensionContext context) {
    return context.getRoot().getStore(Namespace.create(RealApiExtension.class));
  }
}
