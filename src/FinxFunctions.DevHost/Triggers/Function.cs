using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>A method with [Function] whose trigger is a <typeparamref name="TTrigger"/>: what the Functions host calls a function.</summary>
internal sealed record Function<TTrigger>(string Name, MethodInfo Method, TTrigger Trigger)
    where TTrigger : Attribute
{
    // Made when it is first called: a start need not wait for all of them.
    private readonly Lazy<ObjectFactory> _create = new(() => ActivatorUtilities.CreateFactory(Method.DeclaringType!, Type.EmptyTypes));

    public static IEnumerable<Function<TTrigger>> All() =>
        from type in typeof(Program).Assembly.GetExportedTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<TTrigger>()
        where trigger is not null
        select new Function<TTrigger>(function.Name, method, trigger);

    /// <summary>A fresh instance of the trigger class, as the worker makes one for each call.</summary>
    public object CreateInstance(IServiceProvider services) => _create.Value(services, null);
}
