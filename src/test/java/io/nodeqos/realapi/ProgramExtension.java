// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a running program of others as a parameter. It is made at the first use, shared by
 * all classes of a run, and closed at the run's end if it can be. Where there is no program the
 * tests are skipped; with {@code CI=true} in the environment they fail.
 *
 * @param <T> the type of the parameter
 */
public abstract class ProgramExtension<T> implements ExecutionCondition, ParameterResolver {
  private final Class<T> type;
  private final Function<ExtensionContext, Programs> look;
  private final Function<Path, T> start;

  /**
   * @param script the one in {@code hack/} that gets the program
   * @param onlyLook see {@link Programs#find}
   * @param start makes the program of the path that the script prints
   */
  protected ProgramExtension(
      Class<T> type, String script, String onlyLook, Function<Path, T> start) {
    this.type = type;
    this.look =
        context ->
            store(context)
                .getOrComputeIfAbsent(
                    Programs.class, key -> Programs.find(script, onlyLook), Programs.class);
    this.start = start;
  }

  /** Of one start: what was made, or why it was not, so that it is not tried again. */
  private record Start(Object made, Throwable failure) implements AutoCloseable {
    static Start of(Function<Path, ?> start, Programs.Found programs) {
      try {
        return new Start(start.apply(programs.path()), null);
      } catch (RuntimeException | AssertionError e) {
        return new Start(null, e);
      }
    }

    @Override
    public void close() throws Exception {
      if (made instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (look.apply(context) instanceof Programs.Missing missing) {
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(missing.reason());
      }
      return ConditionEvaluationResult.disabled(missing.reason());
    }
    return ConditionEvaluationResult.enabled("the program is there");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == type;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Programs.Found programs = (Programs.Found) look.apply(context);
    Start made =
        store(context)
            .getOrComputeIfAbsent(Start.class, key -> Start.of(start, programs), Start.class);
    if (made.failure() != null) {
      throw new IllegalStateException(type.getSimpleName() + " did not start", made.failure());
    }
    return made.made();
  }

  /** That of the whole run: it closes what it holds at the run's end. */
  private Store store(ExtensionContext context) {
    return context.getRoot().getStore(Namespace.create(getClass()));
  }
}
