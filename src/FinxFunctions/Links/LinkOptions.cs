using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Links;

/// <summary>How widget links are made and where users may be sent. Section <c>Links</c>.</summary>
public sealed class LinkOptions
{
    public const string Section = "Links";

    /// <summary>The public address of the callback, as registered with Qwist: https (http on a loopback address), no query, no fragment.</summary>
    [Required]
    public Uri? CallbackAddress { get; set; }

    /// <summary>
    /// Where a user may be sent in the end: scheme, host and port must be the same, the path must begin with these segments. https, or http
    /// on a loopback host, for which an address without a port allows every port.
    /// </summary>
    [Required, MinLength(1)]
    public IList<Uri> AllowedReturnUris { get; } = [];

    /// <summary>How long a user has to come back.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The languages that the widget speaks, separated by commas.</summary>
    [Required, LanguageCodes]
    public string Languages { get; set; } = "de,en,es,fr,ar";
}
