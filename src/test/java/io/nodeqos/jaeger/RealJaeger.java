// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.jaeger;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a real {@link Jaeger} as a parameter of its constructor or of its
 * methods. It is started at the first use, shared by all classes of a run, and stopped at the run's
 * end: so each test sends under a service name or with trace ids of its own. Where there is no
 * Jaeger to start, the tests are skipped; with {@code CI=true} in the environment they fail.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RealJaegerExtension.class)
public @interface RealJaeger {}
