using System.Reflection;
using FinxFunctions.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>Finds the functions of the app by their attributes, as the worker's SDK does.</summary>
public static class TriggeredFunctions
{
    /// <summary>All functions with this kind of trigger.</summary>
    public static IEnumerable<TriggeredFunction<TTrigger>> All<TTrigger>()
        where TTrigger : Attribute =>
        from type in typeof(FinxFunctionsServices).Assembly.GetExportedTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<TTrigger>()
        where trigger is not null
        select new TriggeredFunction<TTrigger>(function.Name, method, trigger);
}
