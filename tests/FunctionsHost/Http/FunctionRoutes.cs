using FunctionsHost.Functions;
using Microsoft.AspNetCore.Routing.Constraints;

namespace FunctionsHost.Http;

/// <summary>
/// Finds the function of a request, by the router that the Functions host uses: letter case and a trailing slash make no difference, and a
/// method that no function takes leads nowhere.
/// </summary>
internal sealed class FunctionRoutes
{
    private const string FunctionToken = "function";

    private readonly RouteCollection _routes = new();
    private readonly Dictionary<string, HostFunction> _functions = [];

    public FunctionRoutes(IEnumerable<HostFunction> functions, string prefix, IInlineConstraintResolver constraints)
    {
        foreach (var function in functions.Where(function => function.IsHttp))
        {
            var template = string.IsNullOrEmpty(prefix) ? function.Route : $"{prefix}/{function.Route}";
            Dictionary<string, object> methods = [];
            if (function.Methods is { Length: > 0 } allowed)
                methods.Add("httpMethod", new HttpMethodRouteConstraint(allowed));
            _functions.Add(function.Name, function);
            _routes.Add(new Route(new RouteHandler(_ => Task.CompletedTask), function.Name, template, null, methods, new() { [FunctionToken] = function.Name }, constraints));
        }
    }

    /// <returns>The function and the values of its route; null where no route matches.</returns>
    public async Task<(HostFunction Function, RouteValueDictionary Values)?> FindAsync(HttpContext context)
    {
        var route = new RouteContext(context);
        await _routes.RouteAsync(route);
        return route.Handler is not null && route.RouteData.DataTokens[FunctionToken] is string name ? (_functions[name], route.RouteData.Values) : null;
    }
}
