/// An example app that is part of the program, so that `offstage new --example` needs nothing else.
package enum Example: String, CaseIterable, Sendable {
    case shop

    /// The files by their path in the app's folder. A test holds them to the folder in `examples/`.
    package var files: [String: [UInt8]] {
        switch self {
        case .shop: Self.shopFiles
        }
    }

    private static let shopFiles: [String: [UInt8]] = [
        "README.md": PackageResources.README_md,
        "offstage.yaml": PackageResources.offstage_yaml,
        "public/404.html": PackageResources._04_html,
        "public/contact.html": PackageResources.contact_html,
        "public/favicon.svg": PackageResources.favicon_svg,
        "public/index.html": PackageResources.index_html,
        "public/js/orders.js": PackageResources.orders_js,
        "public/js/product.js": PackageResources.product_js,
        "public/js/shelves.js": PackageResources.shelves_js,
        "public/js/shop.js": PackageResources.shop_js,
        "public/orders.html": PackageResources.orders_html,
        "public/pictures/candle.svg": PackageResources.candle_svg,
        "public/pictures/empty.svg": PackageResources.empty_svg,
        "public/pictures/ink.svg": PackageResources.ink_svg,
        "public/pictures/marmalade.svg": PackageResources.marmalade_svg,
        "public/pictures/matches.svg": PackageResources.matches_svg,
        "public/pictures/moka-pot.svg": PackageResources.moka_pot_svg,
        "public/pictures/mug.svg": PackageResources.mug_svg,
        "public/pictures/notebook.svg": PackageResources.notebook_svg,
        "public/pictures/olive-oil.svg": PackageResources.olive_oil_svg,
        "public/pictures/pencils.svg": PackageResources.pencils_svg,
        "public/pictures/sardines.svg": PackageResources.sardines_svg,
        "public/pictures/shop-front.svg": PackageResources.shop_front_svg,
        "public/pictures/soap.svg": PackageResources.soap_svg,
        "public/pictures/tea-towel.svg": PackageResources.tea_towel_svg,
        "public/product.html": PackageResources.product_html,
        "public/shop.css": PackageResources.shop_css,
        "public/thanks.html": PackageResources.thanks_html,
        "seed/categories.csv": PackageResources.categories_csv,
        "seed/products.csv": PackageResources.products_csv,
        "tests/messages.yaml": PackageResources.messages_yaml,
        "tests/orders.yaml": PackageResources.orders_yaml,
        "tests/products.yaml": PackageResources.products_yaml,
    ]
}
