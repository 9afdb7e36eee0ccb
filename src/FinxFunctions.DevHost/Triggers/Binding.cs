using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>
/// Calls a function as the worker does: with the request, its route values, and a token that is cancelled when the client disconnects. ASP.NET
/// Core's own RequestDelegateFactory compiles an expression, which would delay the first request.
/// </summary>
public static class Binding
{
    /// <exception cref="NotSupportedException">The function has a parameter of another type.</exception>
    public static RequestDelegate Bind(this TriggeredFunction<HttpTriggerAttribute> function)
    {
        var method = MethodInvoker.Create(function.Method);
        Func<HttpContext, object?>[] parameters = [.. function.Method.GetParameters().Select(Source)];
        return async context =>
        {
            var arguments = new object?[parameters.Length];
            for (var i = 0; i < arguments.Length; i++)
                arguments[i] = parameters[i](context);
            var result = method.Invoke(function.CreateInstance(context.RequestServices), arguments.AsSpan());
            await (result as IResult ?? await (Task<IResult>)result!).ExecuteAsync(context);
        };
    }

    private static Func<HttpContext, object?> Source(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(HttpRequest) => context => context.Request,
        var type when type == typeof(CancellationToken) => context => context.RequestAborted,
        var type when type == typeof(string) => context => context.GetRouteValue(parameter.Name!),
        var type => throw new NotSupportedException($"{parameter.Member.DeclaringType}: a parameter of type {type} is not supported."),
    };
}
